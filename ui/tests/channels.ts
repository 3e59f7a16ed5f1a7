/** Channels by the keyboard: followed by a link, read, written in after a second look, passed on, given up. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startMock, type Mock } from "./browser.ts";
import { toChannel, toChannels } from "./channelScreens.ts";

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

const guardedBy = "copper meadow thirty lantern quiet walnut";
const withPage: Mock["visit"] = (query, work) => mock.visit(query, work);

async function press(page: Page, name: string) {
  await page.getByRole("button", { name, exact: true }).first().focus();
  await page.keyboard.press("Enter");
}

it("a channel is followed by its link, and what is no link is said to be none", () =>
  withPage("unfollowed", async (page) => {
    await toChannels(page);
    await press(page, "Follow a channel");
    await page.getByLabel("Paste the link here").fill("vigil:AAAA");
    await press(page, "Follow");
    await page.getByText("This is not a whole link.").waitFor();
    await page.getByLabel("Paste the link here").fill("vigil-channel:AAAA");
    await press(page, "Follow");
    await page.getByText("Read it, copy it, pass it on.").waitFor();
    expect(await page.getByLabel("Write a post").count()).toBe(0);
  }));

it("a channel is followed by a picture of its code, pasted or dropped, and by a file", () =>
  withPage("unfollowed", async (page) => {
    const give = (type: "drop" | "paste", name: string, mime: string) =>
      page.evaluate(
        ([kind, file, media]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(["abc"], file, { type: media }));
          const how = { bubbles: true, cancelable: true };
          window.dispatchEvent(
            kind === "drop"
              ? new DragEvent("drop", { dataTransfer: transfer, ...how })
              : new ClipboardEvent("paste", { clipboardData: transfer, ...how }),
          );
        },
        [type, name, mime] as const,
      );
    const link = page.getByLabel("Paste the link here");
    await toChannels(page);
    await press(page, "Follow a channel");
    await give("drop", "code.svg", "image/svg+xml");
    await page.getByText("Only PNG and JPEG pictures can be read.").waitFor();
    for (const way of ["drop", "paste"] as const) {
      await link.fill("");
      await give(way, "code.png", "image/png");
      await expect.poll(() => link.inputValue()).toMatch(/^vigil-channel:/);
    }
    expect(await page.getByText("Only PNG and JPEG pictures can be read.").count()).toBe(0);
    await link.fill("");
    await press(page, "Open a file…");
    await expect.poll(() => link.inputValue()).toMatch(/^vigil-channel:/);
    await press(page, "Follow");
    await page.getByText("Read it, copy it, pass it on.").waitFor();
  }));

it("a picture without a link in it is said to have none", () =>
  withPage("unfollowed&blank", async (page) => {
    await toChannels(page);
    await press(page, "Follow a channel");
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["abc"], "code.png", { type: "image/png" }));
      window.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    });
    await page.getByText("There is no link of a channel in it.").waitFor();
    expect(await page.getByLabel("Paste the link here").inputValue()).toBe("");
  }));

it("who starts a channel says whether a next post is promised, and what that does", () =>
  withPage("unfollowed", async (page) => {
    await toChannels(page);
    await press(page, "Start a channel");
    await page.getByLabel("What is it called?").fill("Wall newspaper");
    const promise = page.getByLabel("Promise a next post");
    expect(await promise.inputValue()).toBe("0");
    await promise.selectOption({ value: "7" });
    expect(await page.getByText("is told that it is silent").count()).toBe(1);
    await press(page, "Start it");
    await page.getByRole("heading", { name: "Wall newspaper" }).waitFor();
  }));

it("what cannot be taken back is looked at once more before it is posted", () =>
  withPage("", async (page) => {
    await toChannel(page, 1);
    await page.getByLabel("Write a post").fill("Fifteen minutes, wherever you are.");
    await press(page, "Look it over");
    await page.getByText("It cannot be taken back.").waitFor();
    expect(await page.locator("article").count()).toBe(1);
    await press(page, "Post it");
    await page.locator("article", { hasText: "Fifteen minutes" }).waitFor();
    expect(await page.getByLabel("Write a post").inputValue()).toBe("");
  }));

it("a channel that contradicted itself says so, and nothing more is posted in it", () =>
  withPage("parted", async (page) => {
    await toChannel(page);
    await page.getByText("said two different things in one place").waitFor();
    expect(await page.getByLabel("Write a post").count()).toBe(0);
  }));

it("giving up a channel of ours says what goes with it", () =>
  withPage("", async (page) => {
    await toChannel(page, 1);
    await press(page, "Stop following");
    await page.getByText("The key with which you publish goes with it.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Stop following" }).focus();
    await page.keyboard.press("Enter");
    await page.locator(".page .card").first().waitFor();
    expect(await page.locator(".page .card").count()).toBe(1);
  }));

it("a call of ours is called off, and that stands above everything", () =>
  withPage("called", async (page) => {
    await toChannel(page, 1);
    await press(page, "Call it off…");
    await page.getByText("Everybody who follows the channel sees it before anything else").waitFor();
    await page.getByLabel("Why, in a few words").fill("Police are there.");
    await page.getByRole("dialog").getByRole("button", { name: "Call it off…" }).click();
    await page.locator(".page").getByText("Called off:").first().waitFor();
    expect(await page.getByRole("button", { name: "Change it…" }).count()).toBe(0);
  }));

it("a call is taken into a cell after it was said what that tells, and says there where it is from", () =>
  withPage("offthere", async (page) => {
    await toChannel(page);
    await press(page, "Take it into a cell…");
    await page.getByText("The cell sees that it is from this channel").waitFor();
    await press(page, "Show it");
    await page.getByText("has it.").first().waitFor();
    await press(page, "Back");
    await press(page, "Back");
    await page.keyboard.press("Escape");
  }));

it("a post is shown to a cell with where it is from", () =>
  withPage("", async (page) => {
    await toChannel(page);
    await press(page, "Show to a cell…");
    await page.getByText("They learn that you follow this channel.").waitFor();
    await press(page, "Show it");
    await page.getByText("has it.").first().waitFor();
  }));

it("a link that takes a passphrase asks for it, and a link is protected with one that is strong", () =>
  withPage("", async (page) => {
    await toChannel(page);
    await press(page, "Pass the link on");
    await press(page, "Protect it with a passphrase");
    await page.getByLabel("Passphrase of the link", { exact: true }).fill("1234");
    await press(page, "Protect it");
    await page.getByText("This passphrase can be guessed.").waitFor();
    await page.getByLabel("Passphrase of the link", { exact: true }).fill(guardedBy);
    await press(page, "Protect it");
    await page.getByText("Without the passphrase this link is of no use.").waitFor();
    const link = await page.getByRole("dialog").locator("code").innerText();
    await press(page, "Close");
    await press(page, "Back");

    await press(page, "Follow a channel");
    await page.getByLabel("Paste the link here").fill(link);
    await press(page, "Follow");
    await page.getByText("This link is protected by a passphrase.").waitFor();
    await page.getByLabel("Passphrase of the link", { exact: true }).fill("something else");
    await press(page, "Follow");
    await page.getByText("This passphrase does not open it.").waitFor();
    await page.getByLabel("Passphrase of the link", { exact: true }).fill(guardedBy);
    await press(page, "Follow");
    await page.getByText("Read it, copy it, pass it on.").waitFor();
  }));

it("a channel is saved as a file and one is opened, and who may find it is said before", () =>
  withPage("", async (page) => {
    await toChannel(page);
    await press(page, "Carry by hand");
    await page.getByText("Whoever has the link and finds it sees").waitFor();
    await press(page, "Save a bundle…");
    await page
      .getByText(/^Saved, with .?12.? posts/)
      .first()
      .waitFor();
    await press(page, "Carry by hand");
    await press(page, "Open a bundle…");
    await page
      .getByText(/^.?4.? new pieces came in/)
      .first()
      .waitFor();
  }));
