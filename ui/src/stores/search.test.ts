import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Backend, Hit } from "$lib/backend";
import { Search } from "./search.svelte";

beforeEach(() => void vi.useFakeTimers());

function searchWith(answer: Backend["messageSearch"]) {
  const messageSearch = vi.fn(answer);
  const backend: Partial<Backend> = { messageSearch };
  return { search: new Search(backend as Backend, "c"), messageSearch };
}

describe("a search", () => {
  it("asks once, a moment after the last key", async () => {
    const { search, messageSearch } = searchWith(async () => []);
    search.type("f");
    search.type("fo");
    search.type("fountain ");
    await vi.advanceTimersByTimeAsync(500);
    expect(messageSearch.mock.calls).toEqual([["c", "fountain", 100]]);
    expect(search.answered).toBe("fountain ");
  });

  it("shows no answer to a question that was changed since", async () => {
    let answerFirst: (hits: Hit[]) => void = () => undefined;
    const late = [{ cell: "c" }] as Hit[];
    const { search } = searchWith((_cell, text) =>
      text === "first" ? new Promise((resolve) => (answerFirst = resolve)) : Promise.resolve([]),
    );
    search.type("first");
    await vi.advanceTimersByTimeAsync(300);
    search.type("second");
    await vi.advanceTimersByTimeAsync(300);
    answerFirst(late);
    await vi.advanceTimersByTimeAsync(1);
    expect([search.answered, search.hits]).toEqual(["second", []]);
  });

  it("forgets its hits when the field is emptied", async () => {
    const { search, messageSearch } = searchWith(async () => [{ cell: "c" }] as Hit[]);
    search.type("fountain");
    await vi.advanceTimersByTimeAsync(300);
    expect(search.hits).toHaveLength(1);
    search.type(" ");
    await vi.advanceTimersByTimeAsync(300);
    expect([search.hits, search.answered]).toEqual([[], ""]);
    expect(messageSearch).toHaveBeenCalledTimes(1);
  });
});
