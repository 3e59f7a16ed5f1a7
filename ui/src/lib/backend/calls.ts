/**
 * The commands and shapes of action calls, until the generated bindings have them. Whoever wants to show calls asks
 * `canCall` first; without the commands nothing of them is shown.
 */
import { invoke } from "@tauri-apps/api/core";
import { commands } from "./bindings";

export type CallKind = "vigil" | "leafleting" | "memorial" | "slogan" | "fund" | "information" | "custom";
export type ListName = "before" | "during" | "after" | "ifHeld";
export type Answer = "in" | "maybe" | "out";

/** A call in one language. */
export type CallText = {
  language: string;
  title: string;
  why: string;
  placeCriteria: string;
  bring: string[];
  leaveAtHome: string[];
  steps: string[];
  roles: { role: string; name: string; know: string }[];
  checklists: Record<ListName, string[]>;
  abortSignals: string[];
  ifStopped: string;
  legalNotes: { country: string; text: string; checkedOn: string }[];
};

/** What is drafted, read and shared. Days are dates without a time. */
export type Call = {
  version: number;
  preset: string;
  kind: CallKind;
  issuedOn: string;
  expires: string;
  /** Null: any day until it expires. */
  window: { from: string; until: string } | null;
  durationMin: number;
  groupMin: number;
  groupMax: number;
  soloOk: boolean;
  risk: { level: number; reviewedBy: string; reviewedOn: string | null };
  preparationMin: number;
  cost: "none" | "small" | "some" | "much";
  roles: { role: string; count: number; risk: number }[];
  checkIn: { graceMin: number; asks: "buddy" | "cell" } | null;
  photoRule: "none" | "objects_only" | "later";
  photoAfterH: number;
  tally: { unit: string; goal: number; regionLevel: number; minGroup: number } | null;
  materials: { name: string; hash: string }[];
  legalAid: { name: string; number: string; hours: string; checkedOn: string }[];
  retainAfterEndS: number;
  supersedes: string | null;
  texts: CallText[];
};

/** A call as it stands in a cell. */
export type CellCall = {
  call: string;
  author: string;
  name: string | null;
  mine: boolean;
  object: Call;
  sharedAt: string;
  updatedAt: string | null;
  cancelled: { reason: string; at: string } | null;
  plan: { place: string | null; time: string | null; setBy: string | null };
  endsAt: string | null;
  erasedAt: string;
  answers: Record<Answer, string[]>;
  myAnswer: Answer | null;
  roles: { role: string; count: number; takenBy: string[]; waiting: string[] }[];
  ticks: { item: string; members: string[]; mine: boolean }[];
  buddies: { member: string; buddy: string }[];
  myBuddy: string | null;
  checkIns: { member: string; state: "expected" | "asked" | "missed" | "home"; at: string | null }[];
  checkInDueAt: string | null;
  presumed: { member: string; by: string[]; needed: number }[];
};

export type Problem = { field: string; kind: string; severity: "error" | "advice" };
export type Preview = {
  problems: Problem[];
  whoSeesWhat: { cell: string[]; onlyHere: string[]; outside: string[] };
};

export type CallCommands = {
  callPresets: () => Promise<Call[]>;
  callPreview: (call: Call) => Promise<Preview>;
  callShare: (cell: string, call: Call) => Promise<string>;
  callList: (cell: string) => Promise<CellCall[]>;
  callAnswer: (cell: string, call: string, answer: Answer) => Promise<null>;
  callTakeRole: (cell: string, call: string, role: string) => Promise<null>;
  callLeaveRole: (cell: string, call: string, role: string) => Promise<null>;
  /** Empty text clears; null stays. */
  callSetPlan: (cell: string, call: string, place: string | null, time: string | null) => Promise<null>;
  callTick: (cell: string, call: string, item: string, done: boolean) => Promise<null>;
  callSetBuddy: (cell: string, call: string, member: string | null) => Promise<null>;
  callCheckIn: (cell: string, call: string) => Promise<null>;
  callPresumeArrest: (
    cell: string,
    call: string,
    member: string,
  ) => Promise<{ presumed: number; needed: number }>;
  callCancel: (cell: string, call: string, reason: string) => Promise<null>;
  /** Shows the dialog of the system; false if the person changed their mind. */
  callLegalCard: (cell: string, call: string, language: string) => Promise<boolean>;
  callExportIcs: (cell: string, call: string, language: string) => Promise<boolean>;
};

export type CallNotice =
  | { type: "call.received" | "call.changed" | "call.erased"; cell: string; call: string }
  | {
      type: "call.missed_check_in";
      cell: string;
      call: string;
      member: string;
      stage: "self" | "buddy" | "cell";
    };

export const callCommands: CallCommands = {
  callPresets: () => invoke("call_presets"),
  callPreview: (call) => invoke("call_preview", { call }),
  callShare: (cell, call) => invoke("call_share", { cell, call }),
  callList: (cell) => invoke("call_list", { cell }),
  callAnswer: (cell, call, answer) => invoke("call_answer", { cell, call, answer }),
  callTakeRole: (cell, call, role) => invoke("call_take_role", { cell, call, role }),
  callLeaveRole: (cell, call, role) => invoke("call_leave_role", { cell, call, role }),
  callSetPlan: (cell, call, place, time) => invoke("call_set_plan", { cell, call, place, time }),
  callTick: (cell, call, item, done) => invoke("call_tick", { cell, call, item, done }),
  callSetBuddy: (cell, call, member) => invoke("call_set_buddy", { cell, call, member }),
  callCheckIn: (cell, call) => invoke("call_check_in", { cell, call }),
  callPresumeArrest: (cell, call, member) => invoke("call_presume_arrest", { cell, call, member }),
  callCancel: (cell, call, reason) => invoke("call_cancel", { cell, call, reason }),
  callLegalCard: (cell, call, language) => invoke("call_legal_card", { cell, call, language }),
  callExportIcs: (cell, call, language) => invoke("call_export_ics", { cell, call, language }),
};

/** Whether the Rust side knows the commands: the generated bindings say so, and the mock does. */
export const canCall = import.meta.env.MODE === "mock" || "callList" in commands;
