/** Times, days and numbers as the language writes them. Reading `i18n.language` makes callers follow a change. */
import { i18n } from "./i18n.svelte";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${i18n.language} ${name}`;
  let known = formats.get(key);
  if (!known) {
    known = new Intl.DateTimeFormat(i18n.language, options);
    formats.set(key, known);
  }
  return known;
}

/** 14:05 */
export function clock(time: string): string {
  return format("clock", { hour: "numeric", minute: "2-digit" }).format(new Date(time));
}

/** Today, Yesterday, Monday, 3 May, 3 May 2024: as much as one needs. */
export function day(time: string, now = new Date()): string {
  const date = new Date(time);
  const apart = daysBetween(date, now);
  if (apart === 0 || apart === 1) {
    const words = new Intl.RelativeTimeFormat(i18n.language, { numeric: "auto" }).format(-apart, "day");
    return words.charAt(0).toLocaleUpperCase(i18n.language) + words.slice(1);
  }
  if (apart > 1 && apart < 7) return format("weekday", { weekday: "long" }).format(date);
  if (date.getFullYear() === now.getFullYear()) {
    return format("date", { day: "numeric", month: "long" }).format(date);
  }
  return format("year", { day: "numeric", month: "long", year: "numeric" }).format(date);
}

/** For a list: the time of today, the day of the week of this week, a short date before. */
export function when(time: string, now = new Date()): string {
  const date = new Date(time);
  const apart = daysBetween(date, now);
  if (apart <= 0) return clock(time);
  if (apart < 7) return format("short weekday", { weekday: "short" }).format(date);
  if (date.getFullYear() === now.getFullYear()) {
    return format("short date", { day: "numeric", month: "short" }).format(date);
  }
  return format("numeric date", { day: "2-digit", month: "2-digit", year: "2-digit" }).format(date);
}

/** In full, for details: 3 May 2026, 14:05 */
export function moment(time: string): string {
  return format("moment", { dateStyle: "long", timeStyle: "short" }).format(new Date(time));
}

export function list(items: string[]): string {
  return new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(items);
}

export function number(value: number): string {
  return new Intl.NumberFormat(i18n.language).format(value);
}

const steps = ["byte", "kilobyte", "megabyte", "gigabyte"];

/** 640 kB, 2.4 MB */
export function bytes(count: number): string {
  let value = count;
  let step = 0;
  while (value >= 1_000 && step < steps.length - 1) {
    value /= 1_000;
    step++;
  }
  const unit = steps[step] ?? "byte";
  const maximumFractionDigits = step > 1 && value < 100 ? 1 : 0;
  const options = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits } as const;
  return new Intl.NumberFormat(i18n.language, options).format(value);
}

/** How many midnights lie between two moments, on the clock of this device. */
function daysBetween(then: Date, now: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(now) - midnight(then)) / 86_400_000);
}
