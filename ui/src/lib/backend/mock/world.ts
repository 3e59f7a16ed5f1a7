/** The world of the mock: everything that the commands read and change, made anew with each load of the page. */
import type { About, Cell, Invite, Member, ProfileState, Quote, Reaction, Settings } from "../bindings";
import type { Message } from "..";
import { attachmentOf } from "./files";
import { chatter, scripts, type Line, type Script } from "./people";

export type Room = { cell: Cell; members: Member[]; messages: Message[]; invites: Invite[]; draft: string };
export type World = {
  profile: ProfileState;
  online: boolean;
  settings: Settings;
  about: About;
  rooms: Map<string, Room>;
};

/** What the address of the page asks for, such as `?state=locked&lang=ru&theme=dark&big`. */
export function makeWorld(query: URLSearchParams): World {
  const state = query.get("state") ?? "open";
  const rooms = state === "empty" || state === "none" ? [] : scripts.map(roomOf);
  if (query.has("big")) rooms.unshift(bigRoom(Number(query.get("big") || 100_000)));
  if (state === "removed") Object.assign(rooms[0]?.cell ?? {}, { state: "removed", reachable: 0 });
  if (state === "offline") for (const room of rooms) goOffline(room);
  return {
    profile: state === "none" || state === "locked" ? state : "open",
    online: state !== "offline",
    settings: settingsOf(query),
    about: {
      version: "0.2.0",
      sandboxed: true,
      jit: false,
      plainSwap: query.has("swap"),
      profileFolder: "/srv/alice/.notes",
    },
    rooms: new Map(rooms.map((room) => [room.cell.cell, room])),
  };
}

export function goOffline(room: Room): void {
  room.cell.reachable = 0;
  for (const member of room.members) member.reachable = member.isSelf;
}

function settingsOf(query: URLSearchParams): Settings {
  return {
    language: (query.get("lang") ?? "system") as Settings["language"],
    theme: (query.get("theme") ?? "system") as Settings["theme"],
    textSize: Number(query.get("size") ?? 100),
    reduceMotion: query.has("still"),
    blurPreviews: query.has("blur"),
    lockAfterS: 120,
    lockOnSuspend: true,
    notifications: "contentFree",
  };
}

function roomOf(script: Script): Room {
  const members = script.people.map((name, at) => memberOf(script, name, at));
  const messages: Message[] = [];
  for (const [at, line] of script.lines.entries()) messages.push(messageOf(script, line, at, messages));
  return {
    cell: {
      cell: script.cell,
      name: script.name,
      displayName: script.me,
      members: script.people.length,
      reachable: script.reachable,
      unread: script.lines.filter((line) => line.unread).length,
      state: script.state ?? "member",
      suite: "xwing",
      lifetimeS: 604_800,
      lan: script.cell === "c2",
      last: null,
    },
    members,
    messages,
    invites:
      script.cell === "c1"
        ? [
            { invite: "i1", expiresAt: new Date(Date.now() + 31 * 3_600_000).toISOString(), state: "open" },
            { invite: "i2", expiresAt: new Date(Date.now() - 3_600_000).toISOString(), state: "used" },
          ]
        : [],
    draft: "",
  };
}

function memberOf(script: Script, name: string, at: number): Member {
  const inviter = at === 0 ? null : idOf(script, script.people[at < 3 ? 0 : at - 2] ?? "");
  return {
    member: idOf(script, name),
    name,
    isSelf: name === script.me,
    full: at < Math.max(2, script.people.length - 1),
    verified: at > 0 && at < 3,
    reachable: name === script.me || at <= script.reachable,
    silentDays: at > script.reachable + 1 ? at * 2 : 0,
    state: script.cell === "c2" && at === 3 ? "removed" : "member",
    introducedBy: inviter,
    compared: at === 0 ? null : at !== 4,
    removal: script.cell === "c2" && at === 3 ? { votes: 2, needed: 2, applied: 3, of: 5 } : null,
  };
}

export function idOf(script: { cell: string }, name: string): string {
  return `${script.cell}-${name}`;
}

function messageOf(script: Script, line: Line, at: number, before: Message[]): Message {
  const id = `${script.cell}-m${String(at)}`;
  const others = script.people.length - 1;
  const answered = line.answers === undefined ? undefined : before[line.answers];
  return {
    message: id,
    forwarded: null,
    author: idOf(script, line.by),
    name: line.by,
    mine: line.by === script.me,
    text: line.deleted || (line.carries && line.text === "") ? null : line.text,
    attachment: line.carries ? attachmentOf(id, line.carries) : null,
    deleted: line.deleted ?? false,
    sentAt: minutesAgo(line.ago),
    editedAt: line.edited ? minutesAgo(line.ago - 3) : null,
    replyTo: answered ? quoteOf(answered) : null,
    delivery: { have: line.have ?? others, of: others },
    audience: line.have === 0 ? 0 : others + 1,
    reactions: Object.entries(line.reactions ?? {}).map(([emoji, by]) => reactionOf(script, emoji, by)),
    unread: line.unread ?? false,
  };
}

function reactionOf(script: Script, emoji: string, by: string[]): Reaction {
  return { emoji, members: by.map((name) => idOf(script, name)), mine: by.includes(script.me) };
}

export function quoteOf(message: Message): Quote {
  const { message: id, author, name, text } = message;
  return { message: id, author, name, text };
}

function minutesAgo(minutes: number): string {
  const time = new Date(Date.now() - minutes * 60_000);
  time.setSeconds(0, 0);
  return time.toISOString();
}

/** Years of conversation, always the same. */
function bigRoom(count: number): Room {
  const script: Script = {
    cell: "big",
    name: "The long one",
    me: "Alice",
    people: ["Alice", "Bob", "Carol", "Dunja", "Эмиль", "Фаина", "Greta", "Hana", "Ivo", "Jonas"],
    reachable: 6,
    lines: [],
  };
  const room = roomOf(script);
  let dice = 7;
  let ago = count * 14 + 60;
  for (let at = 0; at < count; at++) {
    dice = (dice * 48_271) % 2_147_483_647;
    ago -= dice % 29;
    const text = chatter[dice % chatter.length] ?? "";
    const line: Line = {
      by: script.people[(dice >> 8) % script.people.length] ?? "",
      ago,
      text: `${text} (${String(at + 1)})`,
    };
    if (dice % 11 === 0 && at > 5) line.answers = at - (dice % 5) - 1;
    if (dice % 17 === 0) line.reactions = { "👍": ["Bob", "Carol"] };
    room.messages.push(messageOf(script, line, at, room.messages));
  }
  return room;
}
