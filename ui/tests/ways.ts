/** The screens of the door, of people, invites, settings and erasing, and how one gets there from a fresh page. */
import type { Page } from "playwright-core";

export type Screen = { name: string; query?: string; steps?: (page: Page) => Promise<unknown> };

/** A whole invite, as far as the mock can tell. */
export const link = `vigil:${"k7c2mq9xw4hf3t8zrb6n".repeat(9)}`;

export const goOn = (page: Page) => page.locator(".primary:visible").last().click();

export async function toWords(page: Page) {
  await goOn(page);
  await page.locator("ol .word").first().waitFor();
}

export async function toCheck(page: Page) {
  await toWords(page);
  await goOn(page);
  await page.locator("form input").first().waitFor();
}

export async function toOwn(page: Page) {
  await toWords(page);
  await page.locator(".other button").nth(1).click();
  await page.locator("form input").first().fill("pelican stairs o");
}

export async function unlockWith(page: Page, passphrase: string) {
  await page.locator("form input").fill(passphrase);
  await page.keyboard.press("Enter");
}

export async function toErase(page: Page) {
  await page.keyboard.press("Control+Shift+Delete");
  await page.locator("dialog").waitFor();
}

export async function toLastStep(page: Page) {
  await toErase(page);
  await page.locator("dialog footer button").last().click();
  await page.locator(".hold button").focus();
}

export async function toJoin(page: Page) {
  await page.locator(".card").last().getByRole("button").click();
  await page.locator("textarea").waitFor();
}

export async function toJoinName(page: Page) {
  await toJoin(page);
  await page.locator("textarea").fill(link);
  await goOn(page);
  await page.locator("form input").waitFor();
}

export async function toPhrase(page: Page) {
  await toJoinName(page);
  await goOn(page);
  await page.locator(".phrase").waitFor();
}

/** Members 0, invites 1, settings of the cell 2. */
export async function toPanel(page: Page, panel: 0 | 1 | 2) {
  await page.locator(".cells .row").first().click();
  await page
    .locator(".conversation header .actions button")
    .nth(panel + 2)
    .click();
  await page.locator("aside.sheet").waitFor();
}

async function toSafety(page: Page) {
  await toPanel(page, 0);
  await page.locator(".member .actions button").first().click();
  await page.locator("dialog .groups").first().waitFor();
}

const refused = (kind: string) => `state=locked&fail=profile_unlock&kind=${kind}`;

export const ways: Screen[] = [
  { name: "door-words", query: "state=none", steps: toWords },
  { name: "door-check", query: "state=none", steps: toCheck },
  { name: "door-own", query: "state=none", steps: toOwn },
  { name: "door-wrong", query: "state=locked", steps: (page) => unlockWith(page, "wrong") },
  ...["storage_damaged", "rolled_back", "already_running", "disk_full"].map((kind) => ({
    name: `door-${kind.replaceAll("_", "")}`,
    query: refused(kind),
    steps: (page: Page) => unlockWith(page, "a long one"),
  })),
  { name: "erase-first", query: "state=locked", steps: toErase },
  {
    name: "erase-last",
    query: "state=locked",
    steps: async (page) => {
      await toLastStep(page);
      await page.keyboard.press("Enter");
    },
  },
  ...["erase-done", "erase-failed"].map((name) => ({
    name,
    query: name === "erase-done" ? "state=locked&stay" : "state=locked&fail=profile_erase",
    steps: async (page: Page) => {
      await toLastStep(page);
      await page.keyboard.press("Enter");
      await page.keyboard.press("Enter");
    },
  })),
  { name: "join-name", query: "state=empty", steps: toJoinName },
  { name: "join-phrase", query: "state=empty", steps: toPhrase },
  {
    name: "join-failed",
    query: "state=empty&refuse=invite_used",
    steps: async (page) => {
      await toPhrase(page);
      await page.locator(".banner").waitFor();
    },
  },
  {
    name: "join-request",
    query: "asks",
    steps: (page) => page.locator("dialog button:enabled").nth(2).waitFor(),
  },
  { name: "member-safety", steps: toSafety },
  {
    name: "member-differ",
    steps: async (page) => {
      await toSafety(page);
      await page.locator("dialog footer button").first().click();
    },
  },
  {
    name: "member-remove",
    steps: async (page) => {
      await toPanel(page, 0);
      await page.locator(".member .icon-button").first().click();
      await page.keyboard.press("End");
      await page.keyboard.press("Enter");
    },
  },
  {
    name: "invite-made",
    steps: async (page) => {
      await toPanel(page, 1);
      await goOn(page);
      await page.locator("aside figure").waitFor();
    },
  },
  {
    name: "cell-leave",
    steps: async (page) => {
      await toPanel(page, 2);
      await page.locator("aside .leave button").click();
    },
  },
  {
    name: "limits",
    query: "swap",
    steps: async (page) => {
      await page.keyboard.press("Control+Comma");
      await page.locator(".limits button").click();
      await page.locator(".limits dl").first().waitFor();
    },
  },
];
