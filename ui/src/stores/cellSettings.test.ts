import { expect, it, vi } from "vitest";
import type { Backend, Cell } from "$lib/backend";
import { CellSettings } from "./cellSettings.svelte";

const cell = { cell: "c1", name: "night kitchen", lan: false } as Cell;

function settingsWith(parts: Partial<Record<keyof Backend, unknown>>) {
  const netStatus = vi.fn(async () => ({
    online: true,
    cells: [{ cell: "c1", peer: "p", listen: ["/ip4/10.0.0.7/tcp/4001"], connected: [] }],
  }));
  return { settings: new CellSettings({ netStatus, ...parts } as unknown as Backend, cell), netStatus };
}

it("renames on this device", async () => {
  const cellRename = vi.fn(async () => null);
  const { settings } = settingsWith({ cellRename });
  settings.name = " kitchen ";
  await settings.rename();
  expect(cellRename).toHaveBeenCalledWith("c1", "kitchen");
  expect(settings.outcomes.name).toEqual({ done: true });
});

it("switches the beacon back when that failed", async () => {
  const { settings } = settingsWith({
    cellSetLan: async () => Promise.reject({ kind: "internal", message: "" }),
  });
  await settings.setLan(true);
  expect(settings.lan).toBe(false);
  expect(settings.outcomes.lan).toEqual({ done: false, kind: "internal" });
});

it("offers what is agreed upon, and goes back to it when another time is refused", async () => {
  const refused = async () => Promise.reject({ kind: "not_a_full_member", message: "" });
  const backend = { cellSetLifetime: vi.fn(async () => null) };
  const settings = new CellSettings(backend as unknown as Backend, { ...cell, lifetimeS: 7_200 });
  expect(settings.lifetimes).toEqual([3_600, 7_200, 86_400, 604_800, 2_592_000]);
  await settings.setLifetime(86_400);
  expect(backend.cellSetLifetime).toHaveBeenCalledWith("c1", 86_400);
  expect(settings.lifetimeS).toBe(86_400);
  backend.cellSetLifetime = vi.fn(refused);
  await settings.setLifetime(3_600);
  expect(settings.lifetimeS).toBe(86_400);
  expect(settings.outcomes.lifetime).toEqual({ done: false, kind: "not_a_full_member" });
});

it("leaves an address alone that was left empty, and shows what is open afterwards", async () => {
  const netSetListen = vi.fn(async () => null);
  const { settings } = settingsWith({ netSetListen });
  settings.port = "4001";
  await settings.setListen();
  expect(netSetListen).toHaveBeenCalledWith("c1", null, 4001);
  expect(settings.listen).toEqual(["10.0.0.7:4001"]);
});

it("asks the core for nothing that cannot be listened on", async () => {
  const netSetListen = vi.fn();
  const { settings } = settingsWith({ netSetListen });
  settings.ip = "example.org";
  await settings.setListen();
  expect(settings.wrong).toBe("ip");
  settings.ip = "";
  settings.port = "70000";
  await settings.setListen();
  expect(settings.wrong).toBe("port");
  expect(netSetListen).not.toHaveBeenCalled();
});

it("tells how much a bundle held, and nothing if the person changed their mind", async () => {
  const bundleImport = vi
    .fn()
    .mockResolvedValueOnce({ cell: "c1", envelopes: 4 })
    .mockResolvedValueOnce(null);
  const { settings } = settingsWith({ bundleImport, bundleExport: async () => 12 });
  await settings.exportBundle();
  expect(settings.outcomes.export).toEqual({ done: true, count: 12 });
  await settings.importBundle();
  expect(settings.outcomes.import).toEqual({ done: true, count: 4 });
  await settings.importBundle();
  expect(settings.outcomes.import).toBeUndefined();
});

it("says why one could not leave", async () => {
  const { settings } = settingsWith({
    cellLeave: async () => Promise.reject({ kind: "not_a_member", message: "" }),
  });
  expect(await settings.leave()).toBe(false);
  expect(settings.outcomes.leave).toEqual({ done: false, kind: "not_a_member" });
});
