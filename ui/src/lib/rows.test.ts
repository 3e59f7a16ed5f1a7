import { expect, it } from "vitest";
import type { Message } from "$lib/backend";
import { rowsOf } from "./rows";

const said = (message: string, author: string, sentAt: string) => ({ message, author, sentAt }) as Message;

/** As it looks: = a day, ! the unread, > the first and < the last of what one person says. */
function draw(messages: Message[], unreadFrom: string | null = null): string {
  return rowsOf(messages, unreadFrom)
    .map(({ message, day, unreadFrom: marked, first, last }) =>
      [day ? "=" : "", marked ? "!" : "", first ? ">" : "", message.message, last ? "<" : ""].join(""),
    )
    .join(" ");
}

it("groups what one person says in a row, until a pause or a new day", () => {
  const messages = [
    said("a", "alice", "2026-05-03T12:00"),
    said("b", "alice", "2026-05-03T12:04"),
    said("c", "bob", "2026-05-03T12:05"),
    said("d", "alice", "2026-05-03T12:06"),
    said("e", "alice", "2026-05-03T12:30"),
    said("f", "alice", "2026-05-04T12:31"),
  ];
  expect(draw(messages)).toBe("=>a b< >c< >d< >e< =>f<");
});

it("begins anew where the unread begin", () => {
  const messages = [said("a", "bob", "2026-05-03T12:00"), said("b", "bob", "2026-05-03T12:01")];
  expect(draw(messages, "b")).toBe("=>a< !>b<");
});

it("does not break a group whose clock runs backwards a little", () => {
  const messages = [said("a", "bob", "2026-05-03T12:05"), said("b", "bob", "2026-05-03T12:04")];
  expect(draw(messages)).toBe("=>a b<");
});
