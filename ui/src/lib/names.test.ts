import { expect, it, vi } from "vitest";
import { languages } from "$lib/i18n";
import { suggestName, wordsOf } from "./names";

it.each(languages)("has thirty-two different words in each place for $code", ({ code }) => {
  const { first, second } = wordsOf(code);
  expect(new Set(first).size).toBe(32);
  expect(new Set(second).size).toBe(32);
  expect([...first, ...second].filter((word) => word.trim() === "")).toEqual([]);
});

it.each(languages)("suggests what fits a name in $code", ({ code }) => {
  const { first, second } = wordsOf(code);
  const longest = (all: string[]) => Math.max(...all.map((word) => new TextEncoder().encode(word).length));
  // A name has at most 96 bytes (docs/RPC.md).
  expect(longest(first) + 1 + longest(second)).toBeLessThanOrEqual(96);
});

it("takes the random numbers of the system", () => {
  const random = vi.spyOn(crypto, "getRandomValues").mockImplementation((array) => {
    (array as unknown as Uint8Array).set([0, 33]);
    return array;
  });
  expect(suggestName("en")).toBe("Amber Barn");
  random.mockRestore();
});

it("does not say the same again and again", () => {
  const many = new Set(Array.from({ length: 200 }, () => suggestName("ru")));
  expect(many.size).toBeGreaterThan(100);
});
