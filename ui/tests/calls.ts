/** Action calls by the keyboard: from a preset into the cell, answered, gone to, home again, called off. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startMock, type Mock } from "./browser.ts";
import { toCall, toForm } from "./callScreens.ts";

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

const withPage: Mock["visit"] = (query, work) => mock.visit(query, work);

async function press(page: Page, name: string | RegExp, key = "Enter") {
  await page
    .getByRole("button", { name, exact: typeof name === "string" })
    .first()
    .focus();
  await page.keyboard.press(key);
}

it("a preset is changed, looked over with who will see what, and shared", () =>
  withPage("", async (page) => {
    await toForm(page);
    await page.getByLabel("Title").fill("Ten quiet minutes");
    await press(page, "Look it over");
    await page.getByText("Who will see what").waitFor();
    await page.getByText("Nobody outside of it sees anything of this call.").waitFor();
    await press(page, "Back");
    expect(await page.getByLabel("Title").inputValue()).toBe("Ten quiet minutes");
    await press(page, "Look it over");
    await press(page, /^Share in/u);
    await page.locator("aside .card", { hasText: "Ten quiet minutes" }).waitFor();
    expect(await page.locator("dialog").count()).toBe(0);
  }));

it("an address is not shared", () =>
  withPage("", async (page) => {
    await toForm(page);
    await page.getByLabel("What kind of place").fill("48.8584, 2.2945");
    await press(page, "Look it over");
    await page.getByText("This looks like an address or coordinates.").first().waitFor();
    expect(await page.getByRole("button", { name: /^Share in/u }).isDisabled()).toBe(true);
  }));

it("one answers, takes a role, plans and ticks", () =>
  withPage("", async (page) => {
    await toCall(page);
    await page.locator("aside .answer", { hasText: "Maybe" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("aside .answer[aria-pressed=true]", { hasText: "Maybe" }).waitFor();
    await page.locator("aside .answer", { hasText: "I am in" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("aside .answer[aria-pressed=true]", { hasText: "I am in" }).waitFor();
    await press(page, /Take the role .?Safety contact/u);
    await page.getByRole("button", { name: /Give back the role .?Safety contact/u }).waitFor();
    await press(page, "Change");
    await page.getByLabel("Place").fill("Where we had tea");
    await page.keyboard.press("Enter");
    await page.locator("aside dd", { hasText: "Where we had tea" }).waitFor();
    await page.getByLabel("I know the number by heart").focus();
    await page.keyboard.press("Space");
    await page.getByLabel("ticked by").nth(1).filter({ hasText: "2" }).waitFor();
  }));

it("home is one press, above everything that was said", () =>
  withPage("late", async (page) => {
    await page.locator(".cells .row").first().click();
    await press(page, "I am home");
    await page.getByText("Good. The others see that you are home.").first().waitFor();
    expect(await page.locator(".strip").getByRole("button", { name: "I am home" }).count()).toBe(0);
  }));

it("from a missed check-in it is one press to what to do, and one more to the vote", () =>
  withPage("late", async (page) => {
    await page.locator(".cells .row").first().click();
    await press(page, "What to do");
    const dialog = page.locator("dialog");
    await dialog.getByText("+7 000 000-00-00").first().waitFor();
    await dialog.getByText(/1.? of .?3.? votes/u).waitFor();
    await press(page, "Vote to shut it out");
    await dialog.getByText(/2.? of .?3.? votes/u).waitFor();
    expect(await page.getByRole("button", { name: "You have voted" }).isDisabled()).toBe(true);
    await page.keyboard.press("Escape");
    expect(await dialog.count()).toBe(0);
  }));

it("what is called off is told first, and nothing shows it as on", () =>
  withPage("mine", async (page) => {
    await toCall(page);
    await press(page, "Call it off…");
    await page.getByLabel("Why, in a few words").fill("police on the square");
    await page.keyboard.press("Enter");
    await page.locator(".strip .banner", { hasText: "police on the square" }).waitFor();
    await page.locator("aside .card.off").waitFor();
    expect(await page.locator(".strip .next, .strip .home, aside .answers").count()).toBe(0);
  }));

it("whoever shared a call changes its words, its lists and whom to call", () =>
  withPage("mine", async (page) => {
    await toCall(page);
    await press(page, "Change it…");
    await page.getByLabel("Title").fill("Twelve quiet minutes");
    await page.getByRole("textbox", { name: "Who", exact: true }).first().fill("Legal aid");
    await page.getByRole("textbox", { name: "Number", exact: true }).first().fill("+1 555 0100");
    await page.locator("dialog summary").focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Before", { exact: true }).fill("Water\nWarm clothes");
    await press(page, "Look it over");
    await press(page, /^Tell /u);
    await page.locator("aside .card", { hasText: "Twelve quiet minutes" }).waitFor();
    await page.locator("aside", { hasText: "+1 555 0100" }).waitFor();
    await page.getByLabel("Warm clothes").waitFor();
  }));
