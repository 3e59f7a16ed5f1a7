import type { Delivery } from "$lib/backend";
import { t } from "$lib/i18n";

/** Where a message of ours is, in words. Counts members other than ourselves. */
export function sayDelivery({ have, of }: Delivery): string {
  if (of === 0) return t("delivery-alone");
  if (have === 0) return t("delivery-waiting");
  return have >= of ? t("delivery-all", { of }) : t("delivery-some", { have, of });
}
