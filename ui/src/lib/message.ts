import type { Attachment, Message, Quote } from "$lib/backend";
import { sayDelivery } from "$lib/delivery";
import { bytes, clock, t } from "$lib/i18n";

/** A message without a text may be nothing but an attachment. */
export function isDeleted({
  deleted,
  text,
  attachment,
}: Pick<Message, "deleted" | "text" | "attachment">): boolean {
  return deleted ?? (text === null && !attachment);
}

export function sayAttachment({ kind, name, size }: Pick<Attachment, "kind" | "name" | "size">): string {
  return t(kind === "image" ? "attach-image" : "attach-file", { name, size: bytes(size) });
}

/** What a message says, as a text: what it carries, what is written, or that it was deleted. */
export function textOf(message: Pick<Message, "deleted" | "text" | "attachment">): string {
  if (isDeleted(message)) return t("message-deleted");
  const carried = message.attachment ? sayAttachment(message.attachment) : "";
  return [carried, message.text ?? ""].filter(Boolean).join(". ");
}

/** A message as it is read aloud: who, what, when, and where it is. */
export function sayMessage(message: Message): string {
  const text = textOf(message);
  const time = clock(message.sentAt);
  if (message.mine) return t("message-label-mine", { text, time, state: sayDelivery(message.delivery) });
  const name = message.name ?? t("message-unknown");
  return t(message.editedAt ? "message-label-edited" : "message-label", { name, text, time });
}

/** What a message answers, in one line. */
export function sayQuote({ text, message }: Quote, known: readonly Message[]): string {
  const original = known.find((each) => each.message === message);
  if (original?.attachment) return oneLine(textOf(original));
  return text === null ? t("message-quote-gone") : oneLine(text);
}

/** One line of it, for lists and quotes. */
export function oneLine(text: string, max = 240): string {
  return text.replace(/\s+/gu, " ").trim().slice(0, max);
}
