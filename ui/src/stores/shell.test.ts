import { expect, it } from "vitest";
import { Shell } from "./shell.svelte";

it("closes what belonged to one cell when another is opened", () => {
  const shell = new Shell();
  shell.select("a");
  shell.show({ name: "Members", cell: "a" });
  shell.select("b");
  expect(shell.panel).toBeNull();
});

it("keeps a search of everything open from cell to cell", () => {
  const shell = new Shell();
  shell.toggle({ name: "search", cell: null });
  shell.goTo("a", "m1");
  expect(shell.panel).toEqual({ name: "search", cell: null });
  expect(shell.jump).toEqual({ cell: "a", message: "m1" });
});

it("closes a panel that is asked for twice", () => {
  const shell = new Shell();
  shell.toggle({ name: "Members", cell: "a" });
  shell.toggle({ name: "Members", cell: "a" });
  expect(shell.panel).toBeNull();
});

it("comes back to the cell after a page", () => {
  const shell = new Shell();
  shell.select("a");
  shell.turnTo("Settings");
  shell.leavePage();
  expect([shell.cell, shell.page]).toEqual(["a", null]);
});
