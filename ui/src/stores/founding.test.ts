import { expect, it, vi } from "vitest";
import type { Backend } from "$lib/backend";
import { Founding } from "./founding.svelte";

const foundingWith = (cellCreate: unknown) =>
  new Founding({ cellCreate } as unknown as Backend, "Quiet Brook");

it("founds with the stronger protection and the number of votes that the core chooses", async () => {
  const cellCreate = vi.fn(async () => "c1");
  const founding = foundingWith(cellCreate);
  founding.name = " night kitchen ";
  expect(await founding.found()).toBe("c1");
  expect(cellCreate).toHaveBeenCalledWith("night kitchen", "Quiet Brook", "xwing", null);
});

it("says which of the two names is missing, without asking the core", async () => {
  const cellCreate = vi.fn();
  const founding = foundingWith(cellCreate);
  expect(await founding.found()).toBeNull();
  expect(founding.failure).toEqual({ kind: "text_empty", of: "name" });
  founding.name = "night kitchen";
  founding.displayName = " ";
  await founding.found();
  expect(founding.failure).toEqual({ kind: "text_empty", of: "displayName" });
  expect(cellCreate).not.toHaveBeenCalled();
});

it("says why the core refused", async () => {
  const founding = foundingWith(async () => Promise.reject({ kind: "too_many", message: "" }));
  founding.name = "night kitchen";
  expect(await founding.found()).toBeNull();
  expect(founding.failure).toEqual({ kind: "too_many", of: null });
  expect(founding.busy).toBe(false);
});
