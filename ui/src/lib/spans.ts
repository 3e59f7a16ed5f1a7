/** How long something lasts, in words. */
import { t } from "$lib/i18n";

/** Up to two days in hours, because that is how people think of today and tomorrow. */
export function sayHours(seconds: number): string {
  const hours = seconds / 3_600;
  return hours <= 48 ? t("invites-hour", { hours }) : t("invites-days", { days: hours / 24 });
}

/** Whole days in days, because these are for choosing how long something is kept. */
export function sayDays(seconds: number): string {
  const hours = seconds / 3_600;
  return hours % 24 === 0 ? t("invites-days", { days: hours / 24 }) : t("invites-hour", { hours });
}
