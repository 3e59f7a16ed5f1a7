/**
 * Photographs every screen of the mock build, and lets axe look at each, under the content security policy of the
 * desktop program. `npm run shots`; the pictures are in VIGIL_SHOTS, or a new temporary folder whose name is printed.
 * VIGIL_SHOTS_ONLY=cell,dark,en photographs only what has all these words in its name, VIGIL_SHOTS_NAMED what has exactly
 * one of these names. `npm run pictures` makes those in docs/screenshots.
 */
import { mkdtempSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startMock, type Mock } from "./browser.ts";
import { ways, type Screen } from "./ways.ts";

const openCell = (cell: number) => (page: Page) => page.locator(".cells .row").nth(cell).click();
const settle = (page: Page) => page.waitForTimeout(450);

const screens: Screen[] = [
  { name: "door-none", query: "state=none" },
  { name: "door-locked", query: "state=locked" },
  { name: "pick", query: "" },
  { name: "first-cell", query: "state=empty" },
  { name: "list-blurred", query: "blur" },
  { name: "cell", steps: openCell(0) },
  { name: "cell-ru", steps: openCell(1) },
  { name: "cell-ar", steps: openCell(4) },
  { name: "cell-waiting", steps: openCell(2) },
  { name: "cell-removed", steps: openCell(5) },
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
        .nth(at + 1)
        .click();
    },
  })),
  { name: "settings", steps: (page) => page.keyboard.press("Control+Comma") },
  { name: "join", steps: joinPage },
  { name: "switcher", steps: (page) => page.keyboard.press("Control+KeyK") },
  { name: "shortcuts", steps: (page) => page.keyboard.press("Control+Slash") },
  ...ways,
];

async function joinPage(page: Page) {
  await page.locator(".cells header [aria-haspopup=menu]").click();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
}

const looks = ["light", "dark"].flatMap((theme) =>
  ["en", "ru", "ar"].flatMap((language) =>
    [1200, 360].map((width) => ({ theme, language, width, size: 100 })),
  ),
);
const more = [
  { theme: "contrast", language: "en", width: 1200, size: 100 },
  { theme: "light", language: "en", width: 1200, size: 200 },
  { theme: "light", language: "de", width: 820, size: 100 },
  { theme: "dark", language: "uk", width: 820, size: 100 },
];

const named = (process.env["VIGIL_SHOTS_NAMED"] ?? "").split(",").filter(Boolean);
const only = (process.env["VIGIL_SHOTS_ONLY"] ?? "").split(",").filter(Boolean);
const folder = process.env["VIGIL_SHOTS"] ?? mkdtempSync(join(tmpdir(), "vigil-shots-"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let mock: Mock;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  mock = await startMock();
});
afterAll(() => mock.close());

const cases = [...looks, ...more].flatMap((look) =>
  screens.map((screen) => {
    const { theme, language, width, size } = look;
    const zoom = size === 100 ? "" : `-${String(size)}`;
    return { ...screen, ...look, file: `${screen.name}-${theme}-${language}-${String(width)}${zoom}` };
  }),
);

describe(`pictures in ${folder}`, () => {
  const wanted = cases.filter(
    ({ file }) =>
      (named.length === 0 || named.includes(file)) &&
      only.every((word) => file.split("-").includes(word) || file.startsWith(word)),
  );
  it.each(wanted)("$file", async ({ file, query = "", steps, theme, language, width, size }) => {
    const { page, complaints } = await mock.open(
      `lang=${language}&theme=${theme}&size=${String(size)}&${query}`,
      { viewport: { width, height: width < 500 ? 720 : 780 } },
    );
    try {
      await settle(page);
      await steps?.(page);
      await settle(page);
      await page.screenshot({ path: join(folder, `${file}.png`) });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect(wide, "it can be scrolled sideways").toBe(false);
      // Injected by the browser, not by the page, so the policy holds for everything else.
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => {
        const { axe: run } = globalThis as unknown as {
          axe: { run: (options: unknown) => Promise<AxeResult> };
        };
        return (
          await run.run({
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
          })
        ).violations;
      });
      expect(
        violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`,
        ),
      ).toEqual([]);
      expect(complaints).toEqual([]);
    } finally {
      await page.context().close();
    }
  });
});

type AxeResult = { violations: { id: string; nodes: { html: string }[] }[] };
