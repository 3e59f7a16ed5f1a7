import { describe, expect, it } from "vitest";
import { oneEmoji } from "./emoji";
import { excerpt } from "./excerpt";
import { isLong } from "./fold";
import { bytesOf } from "./limits";
import { offer, partsOf, wantedAt } from "./mentions";

const members = ["Ann", "Ann Lee", "Алиса", "O'Neil"].map((name) => ({ name, isSelf: name === "Алиса" }));
const mentioned = (text: string) =>
  partsOf(text, members)
    .filter(({ mention }) => mention)
    .map(({ text: part }) => part);

describe("mentions", () => {
  it.each([
    ["@Ann, come", ["@Ann"]],
    ["ask @Ann Lee or @Ann", ["@Ann Lee", "@Ann"]],
    ["(@Алиса)", ["@Алиса"]],
    ["@Anna is somebody else", []],
    ["@ann is not exactly a name", []],
    ["mail@Ann is an address", []],
    ["@", []],
    ["@@Ann", ["@Ann"]],
    ["@O'Neil", ["@O'Neil"]],
  ])("in %j are %j", (text, expected) => {
    expect(mentioned(text)).toEqual(expected);
  });

  it.each(["", "@", "no names", "@Ann @Ann", "a @Ann b\n@Алиса"])("lose nothing of %j", (text) => {
    expect(
      partsOf(text, members)
        .map((part) => part.text)
        .join(""),
    ).toBe(text);
  });

  it("know which one is us", () => {
    expect(partsOf("@Алиса", members)).toEqual([{ text: "@Алиса", mention: true, self: true }]);
  });

  it("are offered for what stands between the last @ and the caret", () => {
    expect(wantedAt("hi @An and", 6)).toEqual({ from: 3, wanted: "An" });
    expect(wantedAt("mail@An", 7)).toBeUndefined();
    expect(wantedAt("@An\n", 4)).toBeUndefined();
    expect(wantedAt("no", 2)).toBeUndefined();
  });

  it("are offered by the beginning of any word of a name, and never ourselves", () => {
    expect(offer(members, "le").map(({ name }) => name)).toEqual(["Ann Lee"]);
    expect(offer(members, "АЛ")).toEqual([]);
    expect(offer(members, "")).toHaveLength(3);
  });
});

describe("a long text", () => {
  it("is folded by its lines or by its length", () => {
    expect(isLong("one\n".repeat(20))).toBe(true);
    expect(isLong("word ".repeat(250))).toBe(true);
    expect(isLong("one\n".repeat(10))).toBe(false);
  });
});

describe("an excerpt", () => {
  it("marks each place that matches, whatever its case", () => {
    expect(excerpt("The fountain. THE square", "the")).toEqual([
      { text: "The", hit: true },
      { text: " fountain. ", hit: false },
      { text: "THE", hit: true },
      { text: " square", hit: false },
    ]);
  });

  it("begins near the first place in a long text", () => {
    const text = `${"x".repeat(300)} fountain`;
    const parts = excerpt(text, "fountain");
    expect(parts[0]?.text.startsWith("…")).toBe(true);
    expect(parts.at(-1)).toEqual({ text: "fountain", hit: true });
  });

  it("rather marks nothing than the wrong letters", () => {
    expect(
      excerpt("İİ fountain", "fountain")
        .map(({ text }) => text)
        .join(""),
    ).toBe("İİ fountain");
  });
});

it("counts bytes, not letters", () => {
  expect(bytesOf("жук")).toBe(6);
});

it.each([
  ["🕯️", "🕯️"],
  [" 👩‍👩‍👧 ", "👩‍👩‍👧"],
  ["🇺🇦", "🇺🇦"],
  ["ab", ""],
  ["a", ""],
  ["🕯️🕯️", ""],
  ["", ""],
])("one emoji: %j is %j", (text, expected) => {
  expect(oneEmoji(text)).toBe(expected);
});
