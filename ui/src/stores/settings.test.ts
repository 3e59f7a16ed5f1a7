import { expect, it, vi } from "vitest";
import type { Backend } from "$lib/backend";
import { addressOf, parseIp, parsePort, SettingsPage } from "./settings.svelte";

function pageWith(parts: Partial<Record<keyof Backend, unknown>> = {}) {
  const backend = {
    appAbout: async () => ({ version: "1" }),
    cellList: async () => [{ cell: "c1", name: "night kitchen" }],
    channelList: async () => [
      { channel: "h1", name: "Quiet Square" },
      { channel: "h2", name: null },
    ],
    netStatus: async () => ({
      online: true,
      cells: [{ cell: "c1", peer: "p", listen: ["/ip4/127.0.0.1/tcp/40123"], connected: ["bob", "carol"] }],
      channels: [
        {
          channel: "h1",
          peer: "q",
          listen: ["/ip4/127.0.0.1/tcp/40124", "/ip4/127.0.0.1/tcp/40125"],
          connected: 3,
        },
        { channel: "h2", peer: "r", listen: ["/ip4/127.0.0.1/tcp/40126"], connected: 1 },
      ],
    }),
    netSetOnline: vi.fn(async (): Promise<null> => null),
    ...parts,
  };
  return { page: new SettingsPage(backend as unknown as Backend), backend };
}

it("shows which port belongs to which cell or channel, and how many people are connected", async () => {
  const { page } = pageWith();
  await page.load();
  expect(page.ports.cells).toEqual([{ id: "c1", name: "night kitchen", listen: ["127.0.0.1:40123"] }]);
  expect(page.ports.channels).toEqual([
    { id: "h1", name: "Quiet Square", listen: ["127.0.0.1:40124", "127.0.0.1:40125"] },
    { id: "h2", name: null, listen: ["127.0.0.1:40126"] },
  ]);
  expect(page.connected).toBe(2);
  expect(page.readers).toBe(4);
});

it("says why going offline failed", async () => {
  const { page } = pageWith({
    netSetOnline: async () => Promise.reject({ kind: "unreachable", message: "" }),
  });
  await page.setOnline(true);
  expect(page.failure).toBe("unreachable");
  expect(page.busy).toBe(false);
});

it("finds a setting by any of its words, in any order", () => {
  const { page } = pageWith();
  expect(page.finds(["Language"])).toBe(true);
  page.query = "comp LANG";
  expect(page.finds(["Language", "Same as this computer"])).toBe(true);
  expect(page.finds(["Colours"])).toBe(false);
});

it("writes addresses as people do", () => {
  expect(addressOf("/ip4/192.168.1.20/tcp/40123")).toBe("192.168.1.20:40123");
  expect(addressOf("/ip6/fe80::1/tcp/1")).toBe("[fe80::1]:1");
  expect(addressOf("/dns/example.org/tcp/1")).toBe("/dns/example.org/tcp/1");
});

it("takes addresses and ports, and nothing else", () => {
  expect(parseIp(" 10.0.0.7 ")).toBe("10.0.0.7");
  expect(parseIp("::1")).toBe("::1");
  for (const text of ["10.0.0", "10.0.0.256", "example.org", ""]) expect(parseIp(text)).toBeNull();
  expect(parsePort("0")).toBe(0);
  expect(parsePort("65535")).toBe(65_535);
  for (const text of ["65536", "-1", "4a", ""]) expect(parsePort(text)).toBeNull();
});
