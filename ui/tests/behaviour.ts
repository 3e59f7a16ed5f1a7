/** What only a real browser can show: scrolling, focus and the keyboard. `npm run behaviour`. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startMock, type Mock } from "./browser.ts";
import { toPanel } from "./ways.ts";

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

async function withPage(query: string, work: (page: Page) => Promise<void>, width = 1200) {
  const { page, complaints } = await mock.open(`lang=en&${query}`, { viewport: { width, height: 780 } });
  try {
    await work(page);
    expect(complaints).toEqual([]);
  } finally {
    await page.context().close();
  }
}

const enter = async (page: Page, name: string) => {
  await page.locator(".cells .row", { hasText: name }).click();
  await page.locator(".log.settled").waitFor();
  await page.waitForTimeout(300);
};
const focused = (page: Page) =>
  page.evaluate(
    () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "",
  );
const firstInSight = (page: Page) =>
  page.evaluate(() => {
    const log = document.querySelector(".log")?.getBoundingClientRect();
    const rows = [...document.querySelectorAll("article")];
    const row = rows.find((each) => each.getBoundingClientRect().top >= (log?.top ?? 0));
    return { message: row?.dataset["message"], top: Math.round(row?.getBoundingClientRect().top ?? 0) };
  });
const topOf = (page: Page, message: string | undefined) =>
  page.evaluate(
    (id) =>
      Math.round(document.querySelector(`[data-message="${String(id)}"]`)?.getBoundingClientRect().top ?? -1),
    message,
  );

describe("a conversation of 100,000 messages", () => {
  it("opens at its end, and draws only what is in sight", () =>
    withPage("big", async (page) => {
      await enter(page, "The long one");
      expect(await page.locator("article").last().getAttribute("data-message")).toBe("big-m99999");
      expect(await page.locator("article").count()).toBeLessThan(80);
      const below = await page.evaluate(() => {
        const log = document.querySelector(".log");
        return log ? log.scrollHeight - log.scrollTop - log.clientHeight : -1;
      });
      expect(below).toBeLessThan(2);
    }));

  it("stays where it is while older messages come in above", () =>
    withPage("big", async (page) => {
      await enter(page, "The long one");
      await page.mouse.move(700, 400);
      let steps = 0;
      for (let round = 0; round < 25; round++) {
        await page.evaluate(() => document.querySelector(".log")?.scrollBy(0, -900));
        await page.waitForTimeout(40);
        const before = await firstInSight(page);
        await page.waitForTimeout(120);
        const now = await topOf(page, before.message);
        if (Math.abs(now - before.top) <= 2) steps++;
      }
      expect(steps).toBeGreaterThanOrEqual(24);
      const first = await page.locator("article").first().getAttribute("data-message");
      expect(Number(first?.replace("big-m", ""))).toBeLessThan(99_900);
    }));

  it("scrolls at the cost of a short conversation, however much of it is loaded", () =>
    withPage("big", async (page) => {
      await enter(page, "The long one");
      for (let count = 0; count < 15; count++) {
        await page.evaluate(() => document.querySelector(".log")?.scrollBy(0, -6_000));
        await page.waitForTimeout(100);
      }
      // Time of the processor, not of the clock: other programs may be busy on the same machine.
      const session = await page.context().newCDPSession(page);
      await session.send("Performance.enable", { timeDomain: "threadTicks" });
      const spent = async () => {
        const { metrics } = await session.send("Performance.getMetrics");
        return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1_000;
      };
      const before = await spent();
      await page.evaluate(async () => {
        const log = document.querySelector(".log");
        for (let frame = 0; frame < 90; frame++) {
          log?.scrollBy(0, frame < 45 ? 120 : -120);
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
      });
      expect(((await spent()) - before) / 90).toBeLessThan(16);
    }));

  it("jumps to what a search found, marks it, and comes back to the newest", () =>
    withPage("big", async (page) => {
      await enter(page, "The long one");
      await page.keyboard.press("Control+KeyF");
      await page.keyboard.type("(500)");
      await page.locator(".hit").first().waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.locator('[data-message="big-m499"]').waitFor();
      await page.waitForTimeout(400);
      expect(await focused(page)).toContain("(500)");
      const box = await page.locator('[data-message="big-m499"]').boundingBox();
      expect(box && box.y > 56 && box.y + box.height < 720).toBe(true);
      await page.keyboard.press("Control+KeyJ");
      await page.locator('[data-message="big-m99999"]').waitFor();
    }));
});

describe("at the end of a conversation", () => {
  it("what arrives is followed; further up it is only counted", () =>
    withPage("live", async (page) => {
      await enter(page, "Tuesday vigil");
      await page.getByText("(live").last().waitFor({ timeout: 9_000 });
      await page.waitForTimeout(300);
      expect(await page.locator(".newest").count()).toBe(0);
      await page.mouse.move(700, 400);
      await page.mouse.wheel(0, -600);
      await page.waitForTimeout(300);
      const before = await firstInSight(page);
      await page.getByText(/new message/).waitFor({ timeout: 9_000 });
      expect(await topOf(page, before.message)).toBe(before.top);
    }));

  it("a composer that grows, and a sheet that opens, leave one there", () =>
    withPage("", async (page) => {
      await enter(page, "Tuesday vigil");
      await page.getByRole("textbox").focus();
      for (let line = 0; line < 5; line++) {
        await page.keyboard.type("line");
        await page.keyboard.press("Shift+Enter");
      }
      await page.waitForTimeout(200);
      expect(await page.locator(".newest").count()).toBe(0);
      await page.getByRole("button", { name: "Members", exact: true }).click();
      await page.waitForTimeout(500);
      expect(await page.locator(".newest").count()).toBe(0);
    }));
});

describe("the keyboard alone", () => {
  it("goes to a cell, writes, answers, reacts, edits and deletes", () =>
    withPage("", async (page) => {
      await page.keyboard.press("Control+KeyK");
      await page.keyboard.type("tues");
      await page.keyboard.press("Enter");
      await page.locator(".log.settled").waitFor();
      await page.keyboard.press("Control+Shift+KeyT");
      await page.keyboard.type("I bring @Car");
      await page.keyboard.press("Enter");
      await page.keyboard.type("along");
      await page.keyboard.press("Enter");
      const mine = page.locator("article.mine").last();
      await page.locator("article", { hasText: "I bring @Carol Weber along" }).waitFor();
      expect(await mine.locator("mark").textContent()).toBe("@Carol Weber");
      await mine.focus();
      await page.keyboard.press("ArrowUp");
      expect(await focused(page)).toContain("On my way with the thermos.");
      await page.keyboard.press("Control+Shift+KeyR");
      await page.keyboard.type("Thank you");
      await page.keyboard.press("Enter");
      await page.locator("article.mine .quote").last().waitFor();
      await page.locator("article", { hasText: "Thank you" }).last().focus();
      await page.keyboard.press("Control+Shift+KeyE");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      await page.getByText(/🤍.* from .*You/u).waitFor({ state: "attached" });
      await page.locator("article", { hasText: "Thank you" }).last().focus();
      await page.keyboard.press("Shift+F10");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.keyboard.type(", Bob");
      await page.keyboard.press("Enter");
      await page.locator("article", { hasText: "Thank you, Bob" }).waitFor();
      await page.locator("article", { hasText: "Thank you, Bob" }).last().focus();
      await page.keyboard.press("Shift+F10");
      await page.keyboard.press("End");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Delete for everyone" }).focus();
      await page.keyboard.press("Enter");
      await page.locator("article", { hasText: "This message was deleted" }).last().waitFor();
    }));

  it("moves between cells and parts of the window, and back out of a sheet", () =>
    withPage("", async (page) => {
      await page.keyboard.press("Control+Digit2");
      await page.locator(".log.settled").waitFor();
      expect(await page.locator("#cell-name").textContent()).toBe("Кресты на набережной");
      await page.keyboard.press("Alt+ArrowDown");
      expect(await page.locator("#cell-name").textContent()).toBe("Strike fund");
      await page.keyboard.press("Alt+Shift+ArrowDown");
      expect(await page.locator("#cell-name").textContent()).toBe("Tuesday vigil");
      await page.locator(".log.settled").waitFor();
      await page.waitForTimeout(200);
      const regions: string[] = [];
      for (let press = 0; press < 3; press++) {
        await page.keyboard.press("F6");
        regions.push(
          await page.evaluate(() => document.activeElement?.closest("[data-region]")?.className ?? ""),
        );
      }
      expect(regions.map((name) => name.split(" ")[0])).toEqual(["cells", "log", "composer"]);
      await page.locator("article").last().focus();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Details" }).waitFor();
      await page.keyboard.press("Escape");
      expect(await focused(page)).toContain("On my way with the thermos.");
    }));

  it("begins to write where a cell is opened", () =>
    withPage("", async (page) => {
      await page.keyboard.press("Control+KeyK");
      await page.keyboard.type("strike");
      await page.keyboard.press("Enter");
      await page.locator(".log.settled").waitFor();
      await page.waitForTimeout(100);
      expect(await focused(page)).toContain("Message to");
    }));

  it("keeps a draft from cell to cell", () =>
    withPage("", async (page) => {
      await enter(page, "Strike fund");
      await page.getByRole("textbox").fill("half a thought");
      await page.keyboard.press("Control+Digit1");
      await page.locator("#cell-name", { hasText: "Tuesday" }).waitFor();
      await enter(page, "Strike fund");
      expect(await page.getByRole("textbox").inputValue()).toBe("half a thought");
    }));
});

describe("a file", () => {
  it("is chosen, warned of, and sent with the text, by the keyboard alone", () =>
    withPage("", async (page) => {
      await enter(page, "Strike fund");
      await page.getByRole("button", { name: "Attach a file" }).focus();
      await page.keyboard.press("Enter");
      await page.getByText("This file may contain your name.").waitFor();
      await page.waitForTimeout(100);
      expect(await focused(page)).toContain("Message to");
      await page.keyboard.type("As agreed");
      await page.keyboard.press("Enter");
      const mine = page.locator("article.mine").last();
      await mine.locator(".file .name", { hasText: "Minutes of Tuesday.odt" }).waitFor();
      expect(await mine.getAttribute("aria-label")).toContain("File");
      expect(await page.locator(".chip").count()).toBe(0);
    }));

  it("can be stopped while it is being sent: nothing goes, and the words stay", () =>
    withPage("slow", async (page) => {
      await enter(page, "Strike fund");
      await page.getByRole("button", { name: "Attach a file" }).click();
      await page.getByText("This file may contain your name.").waitFor();
      const before = await page.locator("article.mine").count();
      await page.getByRole("textbox").fill("As agreed");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Stop sending" }).focus();
      await page.keyboard.press("Enter");
      await page.getByText("Stopped. Nothing was sent.").first().waitFor();
      expect(await page.locator(".chip").count()).toBe(0);
      expect(await page.getByRole("textbox").inputValue()).toBe("As agreed");
      expect(await page.locator("article.mine").count()).toBe(before);
      expect(await focused(page)).toContain("Message to");
    }));

  it("is fetched piece by piece and then saved, from its menu", () =>
    withPage("", async (page) => {
      await enter(page, "Photographs");
      const offered = page.locator("article", { hasText: "route, older.pdf" });
      await offered.focus();
      await page.keyboard.press("Shift+F10");
      await page.getByRole("menuitem", { name: "Fetch it" }).focus();
      await page.keyboard.press("Enter");
      await offered.locator("progress").waitFor();
      await offered.getByRole("button", { name: "Save…" }).waitFor({ timeout: 9_000 });
      await page.getByText(/route, older\.pdf.? is here/u).waitFor({ state: "attached" });
      await offered.getByRole("button", { name: "Save…" }).click();
      await page
        .getByText(/The copy is outside of this program/)
        .first()
        .waitFor();
    }));

  it("that is a picture has its room before it comes, opens large, and gives the focus back", () =>
    withPage("", async (page) => {
      await enter(page, "Photographs");
      const picture = page.locator("article .picture").first();
      const room = await picture.boundingBox();
      await picture.locator("img").waitFor();
      expect(await picture.boundingBox()).toEqual(room);
      await picture.focus();
      await page.keyboard.press("Enter");
      await page.locator("dialog.viewer img").waitFor();
      await page.keyboard.press("Escape");
      await page.locator("dialog.viewer").waitFor({ state: "detached" });
      expect(await focused(page)).toContain("Look at");
    }));

  it("can be dropped on the conversation, which says so, and taken off again", () =>
    withPage("", async (page) => {
      await enter(page, "Strike fund");
      const drag = (type: string) =>
        page.evaluate((name) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["abc"], "poster.png", { type: "image/png" }));
          document
            .querySelector(".conversation")
            ?.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
        }, type);
      await drag("dragenter");
      await page.getByText("Let go to attach it").waitFor();
      await drag("drop");
      await page.locator(".chip .name", { hasText: "poster.png" }).waitFor();
      expect(await page.getByText("Let go to attach it").count()).toBe(0);
      await page.getByRole("button", { name: /Do not send/ }).click();
      expect(await page.locator(".chip").count()).toBe(0);
    }));
});

describe("a safety number", () => {
  it("has two answers, neither louder than the other", () =>
    withPage("", async (page) => {
      await toPanel(page, 0);
      await page.locator(".member .actions button").first().click();
      await page.locator("dialog .groups").first().waitFor();
      const classes = await page
        .locator("dialog footer button")
        .evaluateAll((buttons) => buttons.map(({ className }) => className));
      expect(classes).toHaveLength(2);
      expect(new Set(classes).size).toBe(1);
    }));
});

describe("the list of cells", () => {
  it("has a button that makes a new one: a button, which says whether its menu is open", () =>
    withPage("", async (page) => {
      const fresh = page.getByRole("button", { name: "New", exact: true });
      // WebKit would tell a screen reader that it is a combo box.
      expect(await page.locator("button[aria-haspopup]").count()).toBe(0);
      expect(await fresh.getAttribute("aria-expanded")).toBe("false");
      await fresh.focus();
      await page.keyboard.press("Enter");
      await page.getByRole("menu", { name: "New" }).waitFor();
      expect(await fresh.getAttribute("aria-expanded")).toBe("true");
      await page.keyboard.press("Escape");
      expect(await fresh.getAttribute("aria-expanded")).toBe("false");
      expect(await focused(page)).toBe("New");
    }));

  it("is read aloud part by part, and knows what we said last", () =>
    withPage("", async (page) => {
      const heard = async (name: string) => {
        const tree = await page.locator(".cells").ariaSnapshot();
        const line = tree.split("\n").find((each) => each.includes(name)) ?? "";
        return line.replace(/[\u2066-\u2069]/gu, "").replace(/\d+:\d+ [AP]M/u, "now");
      };
      expect(await heard("Strike fund")).toMatch(
        /"Strike fund ?, (now|\w+) ?, You: The third one .* meet\. ?, 0 of 2 reachable"/u,
      );
      expect(await heard("Tuesday vigil")).toMatch(/thermos\. ?, 3 unread messages ?, 3 of 6 reachable"/u);
      await enter(page, "Strike fund");
      await page.getByRole("textbox").fill("all four now");
      await page.keyboard.press("Enter");
      await page.locator(".cells .row", { hasText: "all four now" }).waitFor();
    }));
});

describe("a narrow window", () => {
  it("shows one pane at a time, and a way back", () =>
    withPage(
      "",
      async (page) => {
        await enter(page, "Tuesday vigil");
        expect(await page.locator(".cells").isVisible()).toBe(false);
        await page.getByRole("button", { name: "Back to the cells" }).click();
        expect(await page.locator(".cells").isVisible()).toBe(true);
        expect(await focused(page)).toContain("Tuesday vigil");
      },
      360,
    ));

  it("is what a wide one becomes with text of twice the size", () =>
    withPage("size=200", async (page) => {
      await enter(page, "Tuesday vigil");
      expect(await page.locator(".cells").isVisible()).toBe(false);
    }));
});

describe("what was written", () => {
  it("is told to be too long before it is sent", () =>
    withPage("", async (page) => {
      await enter(page, "Strike fund");
      await page.getByRole("textbox").fill("ж".repeat(8_200));
      await page.getByText(/Too long by/).waitFor();
      expect(await page.getByRole("button", { name: "Send" }).isDisabled()).toBe(true);
    }));

  it("stays when it could not be sent, with the reason", () =>
    withPage("fail=message_send&kind=disk_full", async (page) => {
      await enter(page, "Strike fund");
      await page.getByRole("textbox").fill("at the fountain");
      await page.keyboard.press("Enter");
      await page.getByText("The disk is full.").first().waitFor();
      expect(await page.getByRole("textbox").inputValue()).toBe("at the fountain");
    }));

  it("is never a link", () =>
    withPage("", async (page) => {
      await enter(page, "Tuesday vigil");
      await page.getByText("https://example.org/jars").first().waitFor();
      expect(await page.locator("a").count()).toBe(0);
    }));
});

describe("the window of the door", () => {
  const loaded = (page: Page) =>
    page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name.replace(/.*\//, "")));

  it("loads no code of the main window, and the main window none of the door", async () => {
    await withPage("role=door&state=locked", async (page) => {
      expect((await loaded(page)).filter((name) => name.startsWith("Main"))).toEqual([]);
    });
    await withPage("role=main", async (page) => {
      const names = await loaded(page);
      expect(names.some((name) => name.startsWith("Main"))).toBe(true);
      expect(names.filter((name) => name.startsWith("Door"))).toEqual([]);
    });
  });
});
