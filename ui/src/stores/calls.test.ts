import { expect, it, vi } from "vitest";
import type { Backend, Call, CellCall, Preview } from "$lib/backend";
import { Calls, localOf, rfc3339 } from "./calls.svelte";
import { Drafting, linesOf } from "./drafting.svelte";

const object = {
  preset: "vigil",
  kind: "vigil",
  texts: [
    { language: "ru", title: "Тихо" },
    { language: "en", title: "Silent" },
  ],
} as unknown as Call;

function call(part: Partial<CellCall> = {}): CellCall {
  return {
    call: "k1",
    object,
    cancelled: null,
    plan: { place: null, time: "2026-05-03T18:00:00Z", setBy: null },
    buddies: [],
    checkIns: [],
    ...part,
  } as unknown as CellCall;
}
const cell = { name: "Tuesday", members: 5 };
const callsIn = (backend: Backend) => new Calls(backend, "c1", () => "alice");
type State = CellCall["checkIns"][number]["state"];
const went = (states: Record<string, State>): CellCall["checkIns"] =>
  Object.entries(states).map(([member, state]) => ({ member, state, at: null, out: false }));

async function callsOf(list: CellCall[], part: Partial<Backend> = {}): Promise<Calls> {
  const calls = new Calls({ callList: async () => list, ...part } as Backend, "c1", () => "alice");
  await calls.load();
  return calls;
}

it("what is called off stands apart from what is on", async () => {
  const off = call({ call: "k2", cancelled: { reason: "police", at: "2026-05-03T17:00:00Z" } });
  const calls = await callsOf([off, call()]);
  expect([calls.called.map((each) => each.call), calls.on.map((each) => each.call)]).toEqual([
    ["k2"],
    ["k1"],
  ]);
});

it("a call that was called off before it began asks nobody whether they are home", async () => {
  const cancelled = { reason: "police", at: "2026-05-03T17:00:00Z" };
  const calls = await callsOf([call({ cancelled, checkIns: went({ alice: "expected", bob: "expected" }) })]);
  expect([calls.awaiting, calls.missing]).toEqual([undefined, []]);
});

it("whoever was out when it was called off, or lost its time, can still say that they are home", async () => {
  const out = [{ member: "alice", state: "expected" as const, at: null, out: true }];
  const cancelled = { reason: "police", at: "2026-05-03T18:10:00Z" };
  const off = await callsOf([call({ cancelled, checkIns: out })]);
  expect(off.awaiting?.call).toBe("k1");
  const timeless = call({ plan: { place: null, time: null, setBy: null }, checkIns: out });
  expect([off.isAway(timeless), off.isAwaited(timeless)]).toEqual([true, true]);
  const missed = await callsOf([call({ cancelled, checkIns: went({ bob: "missed" }) })]);
  expect(missed.missing.map(({ member }) => member)).toEqual(["bob"]);
});

it("we are asked once the time has come, and not again when we are home", async () => {
  const calls = await callsOf([]);
  const at = (time: string) => Date.parse(`2026-05-03T${time}Z`);
  const expected = call({ checkIns: went({ alice: "expected" }) });
  expect(calls.isAway(expected, at("17:59:00"))).toBe(false);
  expect(calls.isAway(expected, at("18:00:00"))).toBe(true);
  expect(calls.isAway(call({ checkIns: went({ alice: "home" }) }), at("20:00:00"))).toBe(false);
  expect(calls.isAway(call({ checkIns: went({ bob: "expected" }) }), at("20:00:00"))).toBe(false);
});

it("who is missed is told to all; who is only asked about, to their buddy alone", async () => {
  const checkIns = went({ alice: "missed", bob: "missed", carol: "asked", dunja: "home" });
  const others = await callsOf([call({ checkIns })]);
  expect(others.missing.map(({ member }) => member)).toEqual(["bob"]);
  const buddy = await callsOf([call({ checkIns, buddies: [{ member: "carol", buddy: "alice" }] })]);
  expect(buddy.missing.map(({ member, asked }) => [member, asked])).toEqual([
    ["bob", false],
    ["carol", true],
  ]);
});

it("an answer is given once, and read back; a refusal is kept", async () => {
  const callAnswer = vi.fn(async (): Promise<null> => null);
  const calls = await callsOf([call()], { callAnswer });
  expect(await calls.answer(call(), "maybe")).toBe(true);
  expect(callAnswer).toHaveBeenCalledWith("c1", "k1", "maybe");
  callAnswer.mockRejectedValueOnce({ kind: "call_cancelled", message: "" });
  expect([await calls.answer(call(), "in"), calls.refusal]).toEqual([false, "call_cancelled"]);
});

it("the list is read again when something happened to a call of this cell", async () => {
  const callList = vi.fn(async () => []);
  const calls = new Calls({ callList } as unknown as Backend, "c1", () => null);
  calls.handleNotice({ type: "call.changed", cell: "c2", call: "k1" });
  calls.handleNotice({ type: "message.changed", cell: "c1", message: "m1" });
  expect(callList).not.toHaveBeenCalled();
  calls.handleNotice({ type: "call.erased", cell: "c1", call: "k1" });
  calls.handleNotice({ type: "events.missed" });
  expect(callList).toHaveBeenCalledTimes(2);
});

it("a local time goes there and back, and none is none", () => {
  expect(localOf(rfc3339("2026-05-03T18:00"))).toBe("2026-05-03T18:00");
  expect(rfc3339("2026-05-03T18:00")).toMatch(/^2026-05-0\dT\d\d:00:00Z$/);
  expect([rfc3339(""), rfc3339("soon"), localOf(null)]).toEqual(["", "", ""]);
});

function draftingWith(problems: Preview["problems"]) {
  const backend = {
    callPresets: vi.fn(async () => [object]),
    callPreview: vi.fn(async () => ({
      problems,
      whoSeesWhat: { cell: [], onlyHere: [], outside: [] },
    })),
    callShare: vi.fn(async () => "k7"),
  };
  return {
    backend,
    drafting: new Drafting(
      backend as unknown as Backend,
      callsIn(backend as unknown as Backend).sharing(cell),
    ),
  };
}

it("a draft is one language of a preset, and leaves the preset as it was", () => {
  const { drafting } = draftingWith([]);
  drafting.choose(object);
  drafting.say({ title: "Changed" });
  expect(drafting.call?.texts).toEqual([{ language: "en", title: "Changed" }]);
  expect(object.texts).toHaveLength(2);
});

it("is not shared while something is wrong, but in spite of advice", async () => {
  const wrong = draftingWith([{ field: "title", kind: "empty", severity: "error" }]);
  wrong.drafting.choose(object);
  await wrong.drafting.look();
  expect([wrong.drafting.step, await wrong.drafting.share()]).toEqual(["preview", null]);
  expect(wrong.backend.callShare).not.toHaveBeenCalled();
  const advised = draftingWith([{ field: "legal_aid", kind: "no_legal_aid", severity: "advice" }]);
  advised.drafting.choose(object);
  expect(await advised.drafting.share()).toBeNull();
  await advised.drafting.look();
  expect(await advised.drafting.share()).toBe("k7");
});

it("lines are what is written on them", () => {
  expect(linesOf(" one \n\n  two\n")).toEqual(["one", "two"]);
});

it("a call of ours is changed in its place, and not shared a second time", async () => {
  const callShare = vi.fn();
  const callUpdate = vi.fn(async () => null);
  const preview: Preview = { problems: [], whoSeesWhat: { cell: [], onlyHere: [], outside: [] } };
  const backend = { callShare, callUpdate, callPreview: async () => preview } as unknown as Backend;
  const drafting = new Drafting(backend, callsIn(backend).changing(call({ mine: true }), cell));
  expect(drafting.step).toBe("edit");
  drafting.say({ title: "Ten quiet minutes" });
  await drafting.look();
  expect(await drafting.share()).toBe("k1");
  const texts = [{ language: "en", title: "Ten quiet minutes" }];
  expect(callUpdate).toHaveBeenCalledExactlyOnceWith("c1", "k1", { ...object, texts });
  expect(callShare).not.toHaveBeenCalled();
});

it("a calendar entry that the person did not save counts as not saved", async () => {
  const entry = async (saved: boolean) =>
    (await callsOf([call()], { callExportIcs: async () => saved })).saveEntry(call(), "en");
  expect([await entry(false), await entry(true)]).toEqual([false, true]);
});
