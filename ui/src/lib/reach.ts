import type { Cell } from "$lib/backend";
import { clock, t } from "$lib/i18n";

/** Who can be reached in a cell, in one line. Never says that something goes on unless it does. */
export function sayReach(
  cell: Cell,
  online: boolean,
  link: { catchingUp: boolean; syncedAt: string | null } | undefined,
): string {
  const of = cell.members - 1;
  const have = cell.reachable;
  if (cell.state === "removed" || cell.state === "left") return t("reach-over");
  if (!online) return t("reach-offline");
  if (of <= 0) return t("reach-alone");
  if (have === 0) return t("reach-nobody");
  if (link?.catchingUp) return t("reach-catching-up", { have, of });
  if (link?.syncedAt) return t("reach-synced", { have, of, time: clock(link.syncedAt) });
  return t("reach-some", { have, of });
}
