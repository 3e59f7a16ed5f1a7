import { expect, it, vi } from "vitest";
import type { Backend, Member } from "$lib/backend";
import { isSilentForLong, isUnderWay, Members } from "./members.svelte";

const bob: Member = {
  member: "bob",
  name: "Bob",
  isSelf: false,
  full: true,
  verified: false,
  reachable: true,
  silentDays: 0,
  state: "member",
  introducedBy: null,
  compared: null,
  removal: null,
};
const alice: Member = { ...bob, member: "alice", name: "Alice", isSelf: true };
const carol: Member = { ...bob, member: "carol", name: "Carol", state: "removed" };

function membersWith(parts: Partial<Record<keyof Backend, unknown>> = {}) {
  const cellMembers = vi.fn(async () => [alice, bob, carol]);
  const members = new Members({ cellMembers, ...parts } as unknown as Backend, "c1");
  return { members, cellMembers };
}

it("tells those who are there from those who were", async () => {
  const { members } = membersWith();
  await members.load();
  expect(members.present.map(({ name }) => name)).toEqual(["Alice", "Bob"]);
  expect(members.former.map(({ name }) => name)).toEqual(["Carol"]);
  expect(members.self?.name).toBe("Alice");
  expect(members.nameOf("carol")).toBe("Carol");
});

it("reads the list again after a vote", async () => {
  const cellRemove = vi.fn(async () => ({ votes: 1, needed: 2 }));
  const { members, cellMembers } = membersWith({ cellRemove });
  expect(await members.remove("bob")).toBe(true);
  expect(cellRemove).toHaveBeenCalledWith("c1", "bob");
  expect(cellMembers).toHaveBeenCalledOnce();
});

it("says why the core refused", async () => {
  const { members } = membersWith({
    cellVouch: async () => Promise.reject({ kind: "not_a_full_member", message: "" }),
  });
  expect(await members.vouch("bob")).toBe(false);
  expect(members.refusal).toBe("not_a_full_member");
  expect(members.busy).toBe(false);
});

it("follows what happens to people of this cell, and only that", () => {
  const { members, cellMembers } = membersWith();
  members.handleNotice({ type: "peer.connected", cell: "c2", member: "x" });
  members.handleNotice({ type: "message.received", cell: "c1", message: "m" });
  expect(cellMembers).not.toHaveBeenCalled();
  members.handleNotice({ type: "cell.member_removed", cell: "c1", member: "bob" });
  members.handleNotice({ type: "events.missed" });
  expect(cellMembers).toHaveBeenCalledTimes(2);
});

it("knows when silence is long, and when a removal is not carried out by all", () => {
  expect(isSilentForLong({ ...bob, silentDays: 3 })).toBe(false);
  expect(isSilentForLong({ ...bob, silentDays: 4 })).toBe(true);
  expect(isSilentForLong({ ...carol, silentDays: 40 })).toBe(false);
  const removal = { votes: 2, needed: 2, applied: 1, of: 3 };
  expect(isUnderWay({ ...carol, removal })).toBe(true);
  expect(isUnderWay({ ...carol, removal: { ...removal, applied: 3 } })).toBe(false);
  expect(isUnderWay({ ...bob, removal: { ...removal, votes: 1, applied: 0 } })).toBe(false);
});
