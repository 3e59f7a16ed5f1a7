/** Every screen that is drawn, and how one gets there from a fresh page. */
import type { Page } from "playwright-core";
import { callScreens } from "./callScreens.ts";
import { channelScreens } from "./channelScreens.ts";
import { ways, type Screen } from "./ways.ts";

const openCell = (cell: number) => (page: Page) => page.locator(".cells .row").nth(cell).click();
const settle = (page: Page) => page.waitForTimeout(450);

export const screens: Screen[] = [
  { name: "door-none", query: "state=none" },
  { name: "door-locked", query: "state=locked" },
  { name: "pick", query: "" },
  { name: "first-cell", query: "state=empty" },
  { name: "list-blurred", query: "blur" },
  { name: "cell", steps: openCell(0) },
  { name: "cell-ru", steps: openCell(1) },
  { name: "cell-ar", steps: openCell(4) },
  { name: "cell-waiting", steps: openCell(2) },
  { name: "cell-removed", steps: openCell(6) },
  { name: "cell-files", steps: toFiles },
  {
    name: "cell-viewer",
    steps: async (page) => {
      await toFiles(page);
      await page.locator("article .picture").first().click();
      await page.locator("dialog.viewer img").waitFor();
    },
  },
  {
    name: "cell-attach",
    steps: async (page) => {
      await openCell(0)(page);
      await page.locator(".attach button").click();
      await page.locator(".chip .name").waitFor();
    },
  },
  {
    name: "cell-attach-large",
    steps: async (page) => {
      await openCell(0)(page);
      await settle(page);
      await page.evaluate(() => {
        const carried = new DataTransfer();
        carried.items.add(new File([new Uint8Array(6_000_000)], "film.mp4"));
        const event = new ClipboardEvent("paste", {
          clipboardData: carried,
          bubbles: true,
          cancelable: true,
        });
        document.querySelector(".composer textarea")?.dispatchEvent(event);
      });
      await page.locator(".failure").waitFor();
    },
  },
  {
    name: "cell-drop",
    steps: async (page) => {
      await openCell(0)(page);
      await settle(page);
      await page.evaluate(() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(["x"], "x.png"));
        document
          .querySelector(".conversation")
          ?.dispatchEvent(new DragEvent("dragenter", { dataTransfer, bubbles: true }));
      });
      await page.locator(".drop").waitFor();
    },
  },
  { name: "cell-offline", query: "state=offline", steps: openCell(0) },
  { name: "cell-warning", query: "warn=equivocation&warn=device_restored", steps: openCell(0) },
  { name: "cell-big", query: "big=3000", steps: (page) => page.getByText("The long one").first().click() },
  {
    name: "cell-menu",
    steps: async (page) => {
      await openCell(0)(page);
      await settle(page);
      await page.locator("article").last().focus();
      await page.keyboard.press("Shift+F10");
    },
  },
  {
    name: "cell-react",
    steps: async (page) => {
      await openCell(0)(page);
      await settle(page);
      await page.locator("article").last().focus();
      await page.keyboard.press("Control+Shift+E");
    },
  },
  {
    name: "cell-compose",
    steps: async (page) => {
      await openCell(0)(page);
      await settle(page);
      await page.locator("article").last().focus();
      await page.keyboard.press("Control+Shift+R");
      await page.keyboard.type("Two lines");
      await page.keyboard.press("Shift+Enter");
      await page.keyboard.type("and a name: @");
    },
  },
  {
    name: "cell-details",
    steps: async (page) => {
      await openCell(0)(page);
      await settle(page);
      await page.locator("article.mine").last().focus();
      await page.keyboard.press("Enter");
    },
  },
  {
    name: "cell-delete",
    steps: async (page) => {
      await openCell(0)(page);
      await settle(page);
      await page.locator("article.mine").last().focus();
      await page.keyboard.press("Shift+F10");
      await page.keyboard.press("End");
      await page.keyboard.press("Enter");
    },
  },
  {
    name: "search",
    steps: async (page) => {
      await openCell(0)(page);
      await page.keyboard.press("Control+Shift+F");
      await page.keyboard.type("the");
    },
  },
  ...["Members", "Invites", "CellSettings"].map((panel, at): Screen => ({
    name: `panel-${panel.toLowerCase()}`,
    steps: async (page) => {
      await openCell(0)(page);
      await page
        .locator(".conversation header .actions button")
        .nth(at + 2)
        .click();
    },
  })),
  { name: "settings", steps: (page) => page.keyboard.press("Control+Comma") },
  { name: "join", steps: joinPage },
  { name: "switcher", steps: (page) => page.keyboard.press("Control+KeyK") },
  { name: "shortcuts", steps: (page) => page.keyboard.press("Control+Slash") },
  ...ways,
  ...callScreens,
  ...channelScreens,
];

async function toFiles(page: Page) {
  await openCell(5)(page);
  await page.locator("article .picture img").first().waitFor();
}

async function joinPage(page: Page) {
  await page.locator(".cells header [aria-expanded]").click();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
}
