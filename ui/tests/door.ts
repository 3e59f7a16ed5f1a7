/** The door, erasing, joining and letting in, with the keyboard and in a real browser. `npm run behaviour`. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startMock, type Mock } from "./browser.ts";
import { goOn, toCheck, toErase, toJoin, toLastStep, toPhrase, toWords, unlockWith } from "./ways.ts";

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

const withPage: Mock["visit"] = (query, work) => mock.visit(query, work);

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
const heading = (page: Page) => page.locator("h1").first().textContent();
const words = "copper meadow thirty lantern quiet walnut".split(" ");

describe("the first run", () => {
  it("ends in the main window once two words came back from paper", () =>
    withPage("state=none", async (page) => {
      await toCheck(page);
      for (const [at, label] of (await page.locator("form label").allTextContents()).entries()) {
        const word = words[Number(/\d/.exec(label)?.[0]) - 1] ?? "";
        await page.locator("form input").nth(at).fill(word);
      }
      await page.keyboard.press("Enter");
      await page.locator(".cells").waitFor();
    }));

  it("asks again for words that are wrong, and goes nowhere", () =>
    withPage("state=none", async (page) => {
      await toCheck(page);
      for (const field of await page.locator("form input").all()) await field.fill("walrus");
      await page.keyboard.press("Enter");
      expect(await page.getByRole("alert").count()).toBe(2);
      expect(await heading(page)).toContain("paper");
    }));

  it("takes the focus to the heading of each step", () =>
    withPage("state=none", async (page) => {
      await toWords(page);
      expect(await focused(page)).toBe(await heading(page));
    }));

  it("does not take a passphrase that can be guessed", () =>
    withPage("state=none", async (page) => {
      await toWords(page);
      await page.locator(".other button").nth(1).click();
      for (const field of await page.locator("form input").all()) await field.fill("short");
      await page.waitForTimeout(100);
      expect(await page.locator(".primary").isDisabled()).toBe(true);
    }));
});

describe("unlocking", () => {
  it("says that the passphrase is wrong, and leaves one where one was", () =>
    withPage("state=locked", async (page) => {
      await unlockWith(page, "wrong");
      await page.getByRole("alert").waitFor();
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("INPUT");
    }));

  it("names no cell and nobody before", () =>
    withPage("state=locked", async (page) => {
      const text = (await page.locator("body").innerText()).toLowerCase();
      for (const word of ["cell", "member", "vigil", "alice"]) expect(text).not.toContain(word);
    }));

  it("opens an older state only when told to", () =>
    withPage("state=locked&fail=profile_unlock&kind=rolled_back", async (page) => {
      await unlockWith(page, "a long one");
      await page.getByRole("button", { name: "I put it back myself" }).waitFor();
      expect(await focused(page)).toBe(await heading(page));
    }));
});

describe("erasing", () => {
  it("begins with the focus on Cancel", () =>
    withPage("state=locked", async (page) => {
      await toErase(page);
      await page.waitForTimeout(50);
      expect(await focused(page)).toBe("Cancel");
      await page.keyboard.press("Enter");
      expect(await page.locator("dialog").count()).toBe(0);
    }));

  it("stops when the button is let go", () =>
    withPage("state=locked", async (page) => {
      await toLastStep(page);
      await page.keyboard.down(" ");
      await page.waitForTimeout(700);
      await page.keyboard.up(" ");
      await page.getByText("Nothing was erased").waitFor();
      await page.waitForTimeout(1_800);
      expect(await page.locator("dialog h2").textContent()).toBe("Last step");
    }));

  it("is done after two seconds by pointer", () =>
    withPage("state=locked", async (page) => {
      await toLastStep(page);
      await page.locator(".hold button").hover();
      await page.mouse.down();
      await page.waitForTimeout(2_300);
      await page.mouse.up();
      expect(await page.locator("dialog h2").textContent()).toBe("Erased");
    }));

  it("is not done by one Enter that stays down", () =>
    withPage("state=locked", async (page) => {
      await toLastStep(page);
      for (let round = 0; round < 5; round++) await page.keyboard.down("Enter");
      await page.waitForTimeout(200);
      expect(await page.locator("dialog h2").textContent()).toBe("Last step");
      await page.keyboard.up("Enter");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Erased" }).waitFor();
    }));

  it("says that it failed, and in which folder data may remain", () =>
    withPage("state=locked&fail=profile_erase", async (page) => {
      await toLastStep(page);
      await page.keyboard.press("Enter");
      await page.keyboard.press("Enter");
      await page.getByText("Data may remain").waitFor();
      await page.getByText("/srv/alice/.notes").waitFor();
    }));
});

describe("letting somebody in", () => {
  it("is answered neither by Enter, nor by Space, nor by Escape", () =>
    withPage("asks", async (page) => {
      await page.locator("dialog button:enabled").nth(2).waitFor();
      await page.keyboard.press("Enter");
      await page.keyboard.press(" ");
      expect(await page.locator("dialog").count()).toBe(1);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Answer" }).click();
      await page.getByRole("button", { name: "They differ, refuse" }).click();
      await page.getByText("Refused.").first().waitFor();
    }));
});

describe("joining", () => {
  it("reads a picture that was pasted", () =>
    withPage("state=empty", async (page) => {
      await toJoin(page);
      await page.evaluate(() => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(8)], "code.png", { type: "image/png" }));
        window.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data }));
      });
      await page.getByText("There is an invite.").waitFor();
    }));

  it("stops when the phrases differ", () =>
    withPage("state=empty", async (page) => {
      await toPhrase(page);
      await page.getByRole("button", { name: "It differs, stop" }).click();
      await page.getByText("You stopped.").waitFor();
    }));

  it("leads into the cell", () =>
    withPage("state=empty", async (page) => {
      await toPhrase(page);
      await page.getByRole("heading", { name: "You are in" }).waitFor({ timeout: 15_000 });
      expect(await page.locator(".primary").count()).toBe(1);
    }));

  it("tells of the phrase when its page was left", () =>
    withPage("state=empty", async (page) => {
      await toJoin(page);
      await page.locator("textarea").fill(`vigil:${"a".repeat(180)}`);
      await goOn(page);
      await page.locator("form input").waitFor();
      await goOn(page);
      await page.locator("header .icon-button").last().click();
      await page.getByRole("button", { name: "Look" }).click();
      await page.locator(".phrase").waitFor();
    }));
});
