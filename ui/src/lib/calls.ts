/** A call in words: in the language of the screen where it has one, and in the one it was written in otherwise. */
import type { Call, CallText, CellCall, ListName } from "$lib/backend";
import { day, i18n, t, type MessageId } from "$lib/i18n";

export const listNames: ListName[] = ["before", "during", "after", "ifHeld"];
/** How the lists are called in the items of ticks. */
export const itemNames: Record<ListName, string> = {
  before: "before",
  during: "during",
  after: "after",
  ifHeld: "if_held",
};
export const titlesOfLists: Record<ListName, MessageId> = {
  before: "call-list-before",
  during: "call-list-during",
  after: "call-list-after",
  ifHeld: "call-list-held",
};

const nothing: CallText = {
  language: "en",
  title: "",
  why: "",
  placeCriteria: "",
  bring: [],
  leaveAtHome: [],
  steps: [],
  roles: [],
  checklists: { before: [], during: [], after: [], ifHeld: [] },
  abortSignals: [],
  ifStopped: "",
  legalNotes: [],
};

export function wordsOf({ texts }: Call): CallText {
  const find = (language: string) => texts.find((text) => text.language === language);
  return find(i18n.language) ?? find("en") ?? texts[0] ?? nothing;
}

/** The day that was planned, else the days that it is meant for. */
export function sayWhen({ object, plan }: Pick<CellCall, "object" | "plan">): string {
  if (plan.time) return t("call-when", { day: day(plan.time), time: timeOf(plan.time) });
  const { window, expires } = object;
  if (!window) return t("call-any-day", { until: shortDay(expires) });
  if (window.from === window.until) return shortDay(window.from);
  return t("call-days", { from: shortDay(window.from), until: shortDay(window.until) });
}

const timeOf = (time: string) =>
  new Intl.DateTimeFormat(i18n.language, { hour: "numeric", minute: "2-digit" }).format(new Date(time));
export const shortDay = (date: string) =>
  new Intl.DateTimeFormat(i18n.language, { day: "numeric", month: "short", timeZone: "UTC" }).format(
    new Date(date),
  );

const risks: MessageId[] = ["call-risk-1", "call-risk-2", "call-risk-3", "call-risk-4", "call-risk-5"];

export function sayRisk(level: number): string {
  return t(risks[Math.max(1, Math.min(5, level)) - 1] ?? "call-risk-5");
}

const kinds: Record<Call["kind"], MessageId> = {
  vigil: "call-kind-vigil",
  leafleting: "call-kind-leafleting",
  memorial: "call-kind-memorial",
  slogan: "call-kind-slogan",
  fund: "call-kind-fund",
  information: "call-kind-information",
  custom: "call-kind-custom",
};

export function sayKind({ kind }: Call): string {
  return t(kinds[kind]);
}

const problems: Record<string, MessageId> = {
  empty: "call-problem-empty",
  missing: "call-problem-empty",
  too_long: "call-problem-long",
  too_many: "call-problem-long",
  out_of_range: "call-problem-range",
  not_a_date: "call-problem-range",
  past: "call-problem-past",
  coordinates: "call-problem-place",
  address: "call-problem-place",
  link: "call-problem-link",
  phone: "call-problem-phone",
  no_legal_aid: "call-problem-legal",
  legal_note_old: "call-problem-legal-old",
  languages_differ: "call-problem-languages",
};

export function sayProblem(kind: string): string {
  return t(problems[kind] ?? "call-problem-other");
}
