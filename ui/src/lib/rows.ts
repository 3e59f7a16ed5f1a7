/** How a page of messages is laid out: where a day begins, who goes on speaking, where the unread begin. */
import type { Message } from "$lib/backend";

export type Row = {
  message: Message;
  /** A day begins here. */
  day: string | null;
  /** The first that was not read when the cell was opened. */
  unreadFrom: boolean;
  /** The first and the last of what one person said in a row. */
  first: boolean;
  last: boolean;
};

/** People who go on after this long begin anew. */
const pauseMs = 10 * 60_000;

export function rowsOf(messages: Message[], unreadFrom: string | null): Row[] {
  return messages.map((message, at) => {
    const before = messages[at - 1];
    const after = messages[at + 1];
    const begins = !before || dayOf(before) !== dayOf(message);
    const marked = message.message === unreadFrom;
    return {
      message,
      day: begins ? message.sentAt : null,
      unreadFrom: marked,
      first: begins || marked || !goesOn(before, message),
      last:
        !after || after.message === unreadFrom || dayOf(after) !== dayOf(message) || !goesOn(message, after),
    };
  });
}

function goesOn(before: Message, after: Message): boolean {
  const apart = Date.parse(after.sentAt) - Date.parse(before.sentAt);
  return before.author === after.author && Math.abs(apart) < pauseMs;
}

function dayOf({ sentAt }: Message): string {
  return new Date(sentAt).toDateString();
}
