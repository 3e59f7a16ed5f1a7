import { readdirSync, readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import type { Cell } from "$lib/backend";
import { bundleOf, i18n } from "$lib/i18n/i18n.svelte";
import { sayDelivery } from "./delivery";
import { day, when } from "./i18n";
import { sayReach } from "./reach";

function speak(language: "en" | "ru") {
  const folder = `locales/${language}`;
  const source = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, "utf8"));
  i18n.bundle = bundleOf(language, source.join("\n"));
  i18n.language = language;
}

/** Without the marks that keep the direction of a name to itself. */
const plain = (text: string) => text.replace(/[\u2066-\u2069]/gu, "");

beforeEach(() => speak("en"));

describe("delivery", () => {
  it.each([
    [{ have: 0, of: 6 }, "Waiting on this device"],
    [{ have: 3, of: 6 }, "On 3 of 6 devices"],
    [{ have: 6, of: 6 }, "On all 6 devices"],
    [{ have: 1, of: 1 }, "On the other device"],
    [{ have: 0, of: 0 }, "Only here"],
  ])("%j is %j", (delivery, words) => {
    expect(plain(sayDelivery(delivery))).toBe(words);
  });

  it("is said in Russian too", () => {
    speak("ru");
    expect(plain(sayDelivery({ have: 5, of: 5 }))).toBe("На всех 5 устройствах");
  });
});

describe("the connection line", () => {
  const cell = { members: 4, reachable: 2, state: "member" } as Cell;
  const said = (
    part: Partial<Cell>,
    online = true,
    link?: { catchingUp: boolean; syncedAt: string | null },
  ) => plain(sayReach({ ...cell, ...part }, online, link));

  it("says who can be reached, and what goes on", () => {
    expect(said({})).toBe("2 of 3 reachable");
    expect(said({}, true, { catchingUp: true, syncedAt: null })).toBe("2 of 3 reachable, catching up");
    expect(said({ reachable: 0 })).toBe("Nobody reachable. What you write waits on this device.");
    expect(said({ members: 1, reachable: 0 })).toBe("Nobody else is here yet");
  });

  it("never says that it catches up with nobody, or without a network", () => {
    const link = { catchingUp: true, syncedAt: null };
    expect(said({ reachable: 0 }, true, link)).not.toContain("catching up");
    expect(said({}, false, link)).toBe("You are offline");
    expect(said({ state: "removed" }, true, link)).toBe("Only what was there before");
  });
});

describe("days", () => {
  const now = new Date(2026, 4, 13, 12);
  const at = (daysAgo: number) => new Date(2026, 4, 13 - daysAgo, 9).toISOString();

  it("are named as one would", () => {
    expect([at(0), at(1), at(3), at(30), at(400)].map((each) => day(each, now))).toEqual([
      "Today",
      "Yesterday",
      "Sunday",
      "April 13",
      "April 8, 2025",
    ]);
  });

  it("are short in a list", () => {
    expect([at(3), at(30)].map((each) => when(each, now))).toEqual(["Sun", "Apr 13"]);
  });
});
