/** The screens of action calls, and how one gets there from a fresh page. */
import type { Page } from "playwright-core";
import type { Screen } from "./ways.ts";

export async function toCalls(page: Page) {
  await page.locator(".cells .row").first().click();
  await page.locator(".conversation header .actions button").nth(1).click();
  await page.locator("aside.sheet").waitFor();
}

export async function toCall(page: Page, at = 0) {
  await toCalls(page);
  await page.locator("aside .card").nth(at).click();
  await page.locator("aside .answers, aside .off").first().waitFor();
}

const down = (part: string) => async (page: Page) => {
  await toCall(page);
  await page
    .locator(`aside ${part}`)
    .first()
    .evaluate((found) => found.scrollIntoView());
};

async function toPresets(page: Page) {
  await toCalls(page);
  await page.locator("aside .body .button").first().click();
  await page.locator("dialog li button").nth(5).waitFor();
}

export async function toForm(page: Page) {
  await toPresets(page);
  await page.locator("dialog li button").first().click();
  await page.locator("dialog input").first().waitFor();
}

async function toMissed(page: Page) {
  await page.locator(".cells .row").first().click();
  await page.locator(".strip .banner .button").first().click();
  await page.locator("dialog").waitFor();
}

export const callScreens: Screen[] = [
  {
    name: "calls-none",
    steps: async (page) => {
      await page.locator(".cells .row").nth(2).click();
      await page.locator(".conversation header .actions button").nth(1).click();
      await page.locator("aside .empty").waitFor();
    },
  },
  { name: "calls", query: "off", steps: toCalls },
  { name: "call", steps: (page) => toCall(page) },
  { name: "call-plan", steps: down(".stays") },
  { name: "call-roles", steps: down("details") },
  { name: "call-off", query: "off", steps: (page) => toCall(page) },
  { name: "call-late", query: "late", steps: (page) => toCall(page) },
  { name: "call-missed", query: "late", steps: toMissed },
  { name: "call-presets", steps: toPresets },
  { name: "call-form", steps: toForm },
  {
    name: "call-form-safety",
    steps: async (page) => {
      await toForm(page);
      await page.locator("dialog summary").click();
      await page
        .locator("dialog fieldset")
        .last()
        .evaluate((found) => found.previousElementSibling?.scrollIntoView());
    },
  },
  {
    name: "call-preview",
    steps: async (page) => {
      await toForm(page);
      await page.locator("dialog footer .primary").click();
      await page.locator("dialog section").first().waitFor();
    },
  },
  {
    name: "call-cancel",
    query: "mine",
    steps: async (page) => {
      await toCall(page);
      await page.locator("aside .end .button").last().click();
      await page.locator("dialog form").waitFor();
    },
  },
];
