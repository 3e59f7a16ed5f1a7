/** The calls of the mock: `?late` is after the time of one, with somebody who has not come home; `?off` calls it off. */
import type { Call, CellCall, Preview } from "../bindings";
import type { Answer } from "../calls";
import { presets } from "./presets";
import type { Room } from "./world";

const minutesFrom = (minutes: number) => {
  const time = new Date(Date.now() + minutes * 60_000);
  time.setSeconds(0, 0);
  return time.toISOString();
};

const calls = new Map<string, CellCall[]>();
let counter = 0;

function selfOf(room: Room): string {
  return room.members.find(({ isSelf }) => isSelf)?.member ?? "";
}

export function callsOf(room: Room, query: URLSearchParams): CellCall[] {
  const id = room.cell.cell;
  const known = calls.get(id) ?? (id === "c1" ? begun(room, query) : []);
  calls.set(id, known);
  return known.sort((a, b) => Number(b.cancelled !== null) - Number(a.cancelled !== null));
}

export function share(room: Room, object: Call): CellCall {
  const call: CellCall = {
    call: `call${String(counter++)}`,
    author: selfOf(room),
    name: room.cell.displayName,
    mine: true,
    object,
    sharedAt: minutesFrom(0),
    updatedAt: null,
    source: null,
    cancelled: null,
    plan: { place: null, time: null, setBy: null },
    endsAt: null,
    erasedAt: minutesFrom(14 * 1_440),
    answers: { in: [], maybe: [], out: [] },
    myAnswer: null,
    roles: object.roles.map(({ role, count }) => ({ role, count, takenBy: [], waiting: [] })),
    ticks: [],
    buddies: [],
    myBuddy: null,
    checkIns: [],
    checkInDueAt: null,
    presumed: [],
  };
  return call;
}

function begun(room: Room, query: URLSearchParams): CellCall[] {
  const [vigil, leaflets] = presets();
  if (!vigil || !leaflets) return [];
  const ids = room.members.map(({ member }) => member);
  const [alice = "", bob = "", carol = "", dunja = "", emil = "", , greta = ""] = ids;
  const late = query.has("late");
  const call: CellCall = {
    ...share(room, vigil),
    author: dunja,
    name: "Dunja",
    mine: query.has("mine"),
    plan: {
      place: "By the fountain side, as agreed on Sunday",
      time: minutesFrom(late ? -95 : 130),
      setBy: dunja,
    },
    endsAt: minutesFrom(late ? -75 : 150),
    answers: { in: [alice, bob, dunja, greta], maybe: [carol], out: [emil] },
    myAnswer: "in",
    buddies: [{ member: bob, buddy: alice }],
    myBuddy: carol,
    checkInDueAt: minutesFrom(late ? -45 : 180),
    checkIns: [alice, bob, dunja, greta].map((member) => ({
      member,
      state: "expected",
      at: null,
      out: false,
    })),
    ticks: [
      { item: "before.0", members: [alice, bob, greta], mine: true },
      { item: "before.1", members: [bob], mine: false },
    ],
  };
  take(call, "stander", alice);
  take(call, "stander", bob);
  take(call, "speaker", greta);
  take(call, "observer", emil);
  if (late) {
    call.checkIns = [
      { member: alice, state: query.has("home") ? "home" : "asked", at: null, out: !query.has("home") },
      { member: bob, state: "home", at: minutesFrom(-50), out: false },
      { member: dunja, state: "missed", at: null, out: true },
      { member: greta, state: "home", at: minutesFrom(-60), out: false },
    ];
    call.presumed = [{ member: dunja, by: [greta], needed: 3 }];
  }
  if (!query.has("off")) return [call];
  const off: CellCall = {
    ...share(room, leaflets),
    author: carol,
    name: "Carol Weber",
    mine: false,
    cancelled: { reason: "The courtyard is locked and somebody stands at the gate.", at: minutesFrom(-20) },
  };
  return [off, call];
}

function take(call: CellCall, role: string, member: string): void {
  const slot = call.roles.find((each) => each.role === role);
  if (slot && !slot.takenBy.includes(member)) slot.takenBy.push(member);
}

export function answer(room: Room, call: CellCall, given: Answer): void {
  const self = selfOf(room);
  for (const each of ["in", "maybe", "out"] as const) {
    call.answers[each] = call.answers[each].filter((member) => member !== self);
  }
  call.answers[given].push(self);
  call.myAnswer = given;
  call.checkIns = call.checkIns.filter(({ member }) => member !== self);
  if (given === "in" && call.plan.time)
    call.checkIns.push({ member: self, state: "expected", at: null, out: false });
}

export function takeRole(room: Room, call: CellCall, role: string, takes: boolean): void {
  const self = selfOf(room);
  for (const slot of call.roles)
    slot.takenBy = slot.takenBy.filter((member) => takes || slot.role !== role || member !== self);
  if (takes) take(call, role, self);
}

export function plan(room: Room, call: CellCall, place: string | null, time: string | null): void {
  call.plan = {
    place: place === null ? call.plan.place : place || null,
    time: time === null ? call.plan.time : time || null,
    setBy: selfOf(room),
  };
  call.checkIns = call.plan.time
    ? call.answers.in.map((member) => ({ member, state: "expected" as const, at: null, out: false }))
    : [];
}

export function tick(room: Room, call: CellCall, item: string, done: boolean): void {
  const self = selfOf(room);
  const found = call.ticks.find((each) => each.item === item) ?? { item, members: [], mine: false };
  found.members = found.members.filter((member) => member !== self);
  if (done) found.members.push(self);
  found.mine = done;
  call.ticks = [...call.ticks.filter((each) => each.item !== item), found];
}

export function checkIn(room: Room, call: CellCall): void {
  for (const each of call.checkIns) {
    if (each.member === selfOf(room)) Object.assign(each, { state: "home", at: minutesFrom(0), out: false });
  }
}

export function presume(room: Room, call: CellCall, member: string): { presumed: number; needed: number } {
  const found = call.presumed.find((each) => each.member === member) ?? { member, by: [], needed: 3 };
  if (!found.by.includes(selfOf(room))) found.by.push(selfOf(room));
  call.presumed = [...call.presumed.filter((each) => each.member !== member), found];
  return { presumed: found.by.length, needed: found.needed };
}

export function takeBack(room: Room, call: CellCall, member: string): void {
  for (const each of call.presumed) {
    if (each.member === member) each.by = each.by.filter((by) => by !== selfOf(room));
  }
}

export function look(call: Call): Preview {
  const problems: Preview["problems"] = [];
  for (const { title, placeCriteria } of call.texts) {
    if (title === "") problems.push({ field: "title", kind: "empty", severity: "error" });
    if (/\d+\.\d{3,}/.test(placeCriteria))
      problems.push({ field: "place_criteria", kind: "coordinates", severity: "error" });
    if (/\b\d+\b/.test(placeCriteria))
      problems.push({ field: "place_criteria", kind: "address", severity: "advice" });
  }
  if (call.legalAid.length === 0)
    problems.push({ field: "legal_aid", kind: "no_legal_aid", severity: "advice" });
  return {
    problems,
    whoSeesWhat: { cell: ["title", "plan", "answers"], onlyHere: [], outside: [] },
  };
}
