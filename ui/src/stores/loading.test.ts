import { expect, it } from "vitest";
import { Doings, Listing } from "./loading.svelte";

const refused = () => Promise.reject({ kind: "disk_full", message: "" });

it("a list keeps what it had when it cannot be read, and forgets the failure when it can", async () => {
  let read = (): Promise<string[]> => Promise.resolve(["alice"]);
  const listing = new Listing(() => read());
  await listing.load();
  read = refused;
  await listing.load();
  expect([listing.items, listing.failure, listing.loaded]).toEqual([["alice"], "disk_full", true]);
  read = () => Promise.resolve([]);
  await listing.load();
  expect([listing.items, listing.failure]).toEqual([[], null]);
});

it("what is done tells whether it was, and why not", async () => {
  const doings = new Doings();
  let during = false;
  expect(
    await doings.run(async () => {
      during = doings.busy;
    }),
  ).toBe(true);
  expect([during, doings.busy, doings.refusal]).toEqual([true, false, null]);
  expect(await doings.run(refused)).toBe(false);
  expect([doings.busy, doings.refusal]).toEqual([false, "disk_full"]);
});
