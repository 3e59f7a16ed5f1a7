import { expect, it, vi } from "vitest";
import type { Backend, Invite, Notice } from "$lib/backend";
import { Invites, Requests } from "./invites.svelte";

function backendWith(invites: Invite[]) {
  return {
    cellInvite: vi.fn(async () => {
      invites.unshift({ invite: "i9", expiresAt: "2026-12-01T10:00:00Z", state: "open" });
      return { invite: "i9", link: "vigil:AAEC" };
    }),
    cellInvites: vi.fn(async () => structuredClone(invites)),
    cellInviteWithdraw: vi.fn(async (_: string, id: string) => {
      for (const each of invites) if (each.invite === id) each.state = "withdrawn";
      return null;
    }),
    clipboardCopy: vi.fn(async () => null),
    cellList: vi.fn(async () => [{ cell: "c1", name: "night kitchen" }]),
    cellConfirmJoin: vi.fn(async (): Promise<null> => null),
  };
}

const as = (backend: object) => backend as unknown as Backend;
const knock: Notice = {
  type: "join.requested",
  cell: "c1",
  request: "r1",
  name: "Bob",
  phrase: "lusab-babad",
};

it("makes an invite that is good for two days unless asked otherwise", async () => {
  const backend = backendWith([]);
  const invites = new Invites(as(backend), "c1");
  await invites.make();
  expect(backend.cellInvite).toHaveBeenCalledWith("c1", 172_800);
  expect(invites.made).toEqual({ invite: "i9", link: "vigil:AAEC", expiresAt: "2026-12-01T10:00:00Z" });
});

it("copies the link as a secret", async () => {
  const backend = backendWith([]);
  const invites = new Invites(as(backend), "c1");
  await invites.make();
  await invites.copy();
  expect(backend.clipboardCopy).toHaveBeenCalledWith("vigil:AAEC", true);
});

it("takes the link off the screen once it was used or withdrawn", async () => {
  const list: Invite[] = [];
  const backend = backendWith(list);
  const invites = new Invites(as(backend), "c1");
  await invites.make();
  const [first] = list;
  if (first) first.state = "used";
  invites.handleNotice(knock);
  await vi.waitFor(() => expect(invites.made).toBeNull());
  await invites.make();
  await invites.withdraw("i9");
  expect(invites.made).toBeNull();
});

it("says why no invite could be made", async () => {
  const backend = {
    ...backendWith([]),
    cellInvite: async () => Promise.reject({ kind: "too_many", message: "" }),
  };
  const invites = new Invites(as(backend), "c1");
  await invites.make();
  expect(invites.failure).toBe("too_many");
  expect(invites.made).toBeNull();
});

it("asks about everybody who knocks, one after the other, and lets in nobody by itself", async () => {
  const backend = backendWith([]);
  const requests = new Requests(as(backend));
  await requests.handleNotice(knock);
  await requests.handleNotice({ ...knock, request: "r2", name: "Carol" });
  expect(requests.waiting.map(({ name, cellName }) => [name, cellName])).toEqual([
    ["Bob", "night kitchen"],
    ["Carol", "night kitchen"],
  ]);
  expect(backend.cellConfirmJoin).not.toHaveBeenCalled();
  const [first] = requests.waiting;
  if (first) await requests.answer(first, false);
  expect(backend.cellConfirmJoin).toHaveBeenCalledWith("c1", "r1", false);
  expect(requests.waiting.map(({ request }) => request)).toEqual(["r2"]);
});

it("keeps a request on the screen whose answer did not arrive", async () => {
  const backend = backendWith([]);
  backend.cellConfirmJoin.mockRejectedValue({ kind: "no_such_join", message: "" });
  const requests = new Requests(as(backend));
  await requests.handleNotice(knock);
  const [first] = requests.waiting;
  if (!first) throw new Error("nobody waits");
  expect(await requests.answer(first, true)).toBe(false);
  expect(requests.failure).toBe("no_such_join");
  requests.putAway(first);
  expect(requests.waiting).toEqual([]);
});

it("forgets who waits when the profile is locked", async () => {
  const requests = new Requests(as(backendWith([])));
  await requests.handleNotice(knock);
  await requests.handleNotice({ type: "profile.locked" });
  expect(requests.waiting).toEqual([]);
});
