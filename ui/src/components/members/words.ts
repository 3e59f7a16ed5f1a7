import type { Member } from "$lib/backend";
import { t } from "$lib/i18n";

/** How a member stands, in short words. */
export function standing({ state, isSelf, full, reachable, silentDays, verified }: Member): string[] {
  if (state === "removed") return [t("members-removed")];
  if (state === "left") return [t("members-left")];
  const words: string[] = [];
  if (!isSelf) {
    if (reachable) words.push(t("members-reachable"));
    else words.push(silentDays > 0 ? t("members-silent", { days: silentDays }) : t("members-not-reachable"));
    if (!verified) words.push(t("members-not-verified"));
  }
  // Of the others only what is not as usual is said.
  if (!full) words.push(t("members-not-full"));
  else if (isSelf) words.push(t("members-full"));
  return words;
}
