import type { Message } from "$lib/backend";
import { sayDelivery } from "$lib/delivery";
import { clock, t } from "$lib/i18n";

/** A message as it is read aloud: who, what, when, and where it is. */
export function sayMessage(message: Message): string {
  const text = message.text ?? t("message-deleted");
  const time = clock(message.sentAt);
  if (message.mine) return t("message-label-mine", { text, time, state: sayDelivery(message.delivery) });
  const name = message.name ?? t("message-unknown");
  return t(message.editedAt ? "message-label-edited" : "message-label", { name, text, time });
}

/** One line of it, for lists and quotes. */
export function oneLine(text: string, max = 240): string {
  return text.replace(/\s+/gu, " ").trim().slice(0, max);
}
