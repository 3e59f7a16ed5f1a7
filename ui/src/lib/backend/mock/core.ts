/**
 * Stands in for `@tauri-apps/api/core`: answers every command from a world in memory, so that screens can be made and
 * photographed without Rust. It promises nothing about the protocol.
 */
import { i18n } from "$lib/i18n";
import { look, type Look } from "$lib/look.svelte";
import type { Message, Notice, Page } from "..";
import type { Attachment } from "../attachments";
import type { At, Call, Cell, CellCall, Member, Reader, Settings } from "../bindings";
import type { Answer } from "../calls";
import * as calls from "./calls";
import * as channels from "./channels";
import { presets } from "./presets";
import { emit } from "./event";
import { attachmentOf, choose, draw, isChosen, takeChosen } from "./files";
import { goOffline, idOf, makeWorld, quoteOf, type Room } from "./world";

const query = new URLSearchParams(location.search);
const world = makeWorld(query);
let counter = 0;

export async function invoke<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, query.has("slow") ? 700 : 4));
  if (query.get("fail") === command) fail(query.get("kind") ?? "internal");
  const handler = handlers[command];
  if (!handler) fail("internal");
  return structuredClone(await handler(args as Args)) as T;
}

function fail(kind: string): never {
  throw { kind, message: kind };
}

function tell(notice: Notice, afterMs = 0): void {
  setTimeout(() => emit("notice", notice), afterMs);
}

/** The arguments of all commands; each handler reads the ones of its own. */
type Args = {
  accept: boolean;
  answer: Answer;
  asFile: boolean;
  attachment: string;
  at: At;
  bytes: string;
  call: string;
  channel: string;
  done: boolean;
  cell: string;
  displayName: string;
  draft: string;
  emoji: string | null;
  seconds: number;
  everywhere: boolean;
  expiresInS: number | null;
  invite: string;
  limit: number;
  longest: number | null;
  link: string;
  member: string;
  message: string;
  name: string;
  on: boolean;
  online: boolean;
  post: string;
  passphrase: string;
  place: string | null;
  reason: string;
  role: string;
  time: string | null;
  replyTo: string | null;
  settings: Settings;
  suite: Cell["suite"];
  text: string;
  token: string;
};

function room(cell: string): Room {
  return world.rooms.get(cell) ?? fail("no_such_cell");
}

function member(args: Args): Member {
  return room(args.cell).members.find(({ member: id }) => id === args.member) ?? fail("not_a_member");
}

function message(args: Args): Message {
  return room(args.cell).messages.find(({ message: id }) => id === args.message) ?? fail("no_such_message");
}

function cellOf({ cell, messages }: Room): Cell {
  return { ...cell, unread: messages.filter(({ unread }) => unread).length, last: messages.at(-1) ?? null };
}

function page({ cell, at, limit }: Args): Page {
  const { messages } = room(cell);
  const find = (id: string) => messages.findIndex(({ message: other }) => other === id);
  const unread = messages.findIndex((each) => each.unread);
  let start = messages.length - limit;
  if (at === "firstUnread" && unread >= 0) start = unread - Math.floor(limit / 2);
  else if (typeof at === "object" && at.before !== undefined) start = find(at.before) - limit;
  else if (typeof at === "object" && at.after !== undefined) start = find(at.after) + 1;
  else if (typeof at === "object") start = find(at.around) - Math.floor(limit / 2);
  const end = Math.min(messages.length, start + limit);
  start = Math.max(0, typeof at === "object" ? start : Math.min(start, messages.length - limit));
  return { messages: messages.slice(start, end), moreBefore: start > 0, moreAfter: end < messages.length };
}

function send({ cell, text, replyTo }: Args, carried?: (message: string) => Attachment): string {
  const { cell: about, members, messages } = room(cell);
  if (text.trim() === "" && !carried) fail("text_empty");
  if (new TextEncoder().encode(text).length > 16_384) fail("text_too_long");
  const id = `${cell}-new${String(counter++)}`;
  const others = members.filter(({ state, isSelf }) => state === "member" && !isSelf);
  const answered = messages.find(({ message: other }) => other === replyTo);
  const sent: Message = {
    message: id,
    forwarded: null,
    author: idOf(about, about.displayName),
    name: about.displayName,
    mine: true,
    text: text === "" ? null : text,
    attachment: carried?.(id) ?? null,
    deleted: false,
    sentAt: new Date().toISOString(),
    editedAt: null,
    replyTo: answered ? quoteOf(answered) : null,
    delivery: { have: 0, of: others.length },
    audience: 0,
    reactions: [],
    unread: false,
  };
  messages.push(sent);
  const reached = world.online ? Math.min(about.reachable, others.length) : 0;
  for (let have = 1; have <= reached; have++) {
    setTimeout(() => {
      sent.delivery.have = have;
      sent.audience = others.length + 1;
      tell({ type: "message.delivered", cell, message: id, have, of: others.length });
    }, 500 * have);
  }
  return id;
}

function react(args: Args): null {
  const target = message(args);
  const { cell: about } = room(args.cell);
  const me = idOf(about, about.displayName);
  for (const reaction of target.reactions) reaction.members = reaction.members.filter((id) => id !== me);
  if (args.emoji !== null) {
    const same = target.reactions.find(({ emoji }) => emoji === args.emoji);
    if (same) same.members.push(me);
    else target.reactions.push({ emoji: args.emoji, members: [me], mine: true });
  }
  for (const reaction of target.reactions) reaction.mine = reaction.members.includes(me);
  target.reactions = target.reactions.filter(({ members }) => members.length > 0);
  return changed(args);
}

function changed({ cell, message: id }: Pick<Args, "cell" | "message">): null {
  tell({ type: "message.changed", cell, message: id });
  return null;
}

function remove(args: Args): null {
  const { messages } = room(args.cell);
  const target = message(args);
  if (args.everywhere)
    Object.assign(target, { text: null, reactions: [], replyTo: null, attachment: null, deleted: true });
  else messages.splice(messages.indexOf(target), 1);
  return changed(args);
}

function readers(args: Args): Reader[] {
  const target = message(args);
  const others = room(args.cell).members.filter(({ member: id }) => id !== target.author);
  return others.map(({ member: id, name }, at) => ({ member: id, name, has: at < target.delivery.have }));
}

function search(args: Omit<Args, "cell"> & { cell: string | null }): { cell: string; message: Message }[] {
  const wanted = args.text.trim().toLocaleLowerCase();
  const rooms = args.cell === null ? [...world.rooms.values()] : [room(args.cell)];
  const hits: { cell: string; message: Message }[] = [];
  for (const { cell, messages } of rooms) {
    for (const found of messages) {
      if (found.text?.toLocaleLowerCase().includes(wanted)) hits.push({ cell: cell.cell, message: found });
    }
  }
  return hits.sort((a, b) => b.message.sentAt.localeCompare(a.message.sentAt)).slice(0, args.limit);
}

/** Long enough to be stopped, if things are slow. */
async function sendAttachment(args: Args): Promise<{ message: string }> {
  if (!isChosen(args.token)) fail("file_unsafe");
  if (query.has("slow")) await new Promise((resolve) => setTimeout(resolve, 3_000));
  const picked = takeChosen(args.token) ?? fail("cancelled");
  if (picked.name === "broken.png" && !args.asFile) {
    choose(picked.name, picked.size);
    fail("file_unsafe");
  }
  const { name, size } = picked;
  const kind = args.asFile ? "file" : picked.kind;
  const message = send({ ...args, text: args.text ?? "" }, (id) => attachmentOf(id, { kind, name, size }));
  return { message };
}

function attachment({ attachment: id }: Pick<Args, "attachment">): { cell: string; attachment: Attachment } {
  for (const { cell, messages } of world.rooms.values()) {
    const found = messages.find(({ message: other }) => other === id)?.attachment;
    if (found) return { cell: cell.cell, attachment: found };
  }
  return fail("no_such_message");
}

/** Ten steps, three a second. */
function fetchAttachment(args: Args): null {
  const { cell, attachment: wanted } = attachment(args);
  const step = Math.ceil(wanted.of / 10);
  wanted.state = "coming";
  const timer = setInterval(() => {
    if (wanted.state !== "coming") return clearInterval(timer);
    wanted.have = Math.min(wanted.of, wanted.have + step);
    const { have, of } = wanted;
    tell({ type: "attachment.progress", cell, attachment: args.attachment, have, of });
    if (have < of) return;
    wanted.state = "here";
    clearInterval(timer);
    changed({ cell, message: args.attachment });
  }, 300);
  return null;
}

function channel({ channel: id }: Args) {
  return channels.channels(query).find(({ row }) => row.channel === id) ?? fail("no_such_channel");
}

function call({ cell, call: id }: Args): CellCall {
  return calls.callsOf(room(cell), query).find((each) => each.call === id) ?? fail("no_such_call");
}

function changedCall(args: Args): null {
  tell({ type: "call.changed", cell: args.cell, call: args.call });
  return null;
}

function shareCall({ cell, call: object }: { cell: string; call: Call }): string {
  if (calls.look(object).problems.some(({ severity }) => severity === "error")) fail("call_invalid");
  const shared = calls.share(room(cell), object);
  calls.callsOf(room(cell), query).push(shared);
  return shared.call;
}

function create({ name, displayName, suite }: Args): string {
  const cell = `new${String(counter++)}`;
  const self: Member = {
    member: idOf({ cell }, displayName),
    name: displayName,
    isSelf: true,
    full: true,
    verified: false,
    reachable: true,
    silentDays: 0,
    state: "member",
    introducedBy: null,
    compared: null,
    removal: null,
  };
  const about: Cell = {
    cell,
    name,
    displayName,
    members: 1,
    reachable: 0,
    unread: 0,
    state: "member",
    suite,
    lifetimeS: 604_800,
    lan: false,
    last: null,
  };
  world.rooms.set(cell, { cell: about, members: [self], messages: [], invites: [], draft: "" });
  return cell;
}

const phrase = "lantern orchard velvet seven harbour moss";

function invite({ cell, expiresInS }: Args): { invite: string; link: string } {
  const id = `inv${String(counter++)}`;
  const expiresAt = new Date(Date.now() + (expiresInS ?? 172_800) * 1000).toISOString();
  room(cell).invites.unshift({ invite: id, expiresAt, state: "open" });
  if (query.has("live")) tell({ type: "join.requested", cell, request: id, name: "Hana", phrase }, 6_000);
  return { invite: id, link: `vigil:${"k7c2mq9xw4hf3t8zrb6n".repeat(9)}` };
}

function join({ link }: Args): string {
  if (!link.trim().startsWith("vigil:")) fail("invite_malformed");
  const request = `req${String(counter++)}`;
  tell({ type: "join.phrase", request, phrase }, 1_500);
  if (query.has("refuse"))
    tell({ type: "join.failed", request, kind: query.get("refuse") || "refused" }, 5_000);
  else tell({ type: "cell.joined", cell: "c4", request }, 8_000);
  return request;
}

function vote(args: Args): { votes: number; needed: number } {
  const target = member(args);
  const votes = (target.removal?.votes ?? 0) + 1;
  target.removal = { votes, needed: 2, applied: 0, of: room(args.cell).members.length - 1 };
  if (votes >= 2) {
    target.state = "removed";
    tell({ type: "cell.member_removed", cell: args.cell, member: args.member });
  }
  return { votes, needed: 2 };
}

function setOnline(online: boolean): null {
  world.online = online;
  for (const each of world.rooms.values()) {
    if (!online) goOffline(each);
    else if (each.cell.state === "member") each.cell.reachable = Math.min(1, each.cell.members - 1);
    tell({
      type: online ? "peer.connected" : "peer.disconnected",
      cell: each.cell.cell,
      member: each.members[1]?.member ?? "",
    });
  }
  return null;
}

function open(profile: typeof world.profile): null {
  world.profile = profile;
  if (profile === "locked") tell({ type: "profile.locked" });
  return null;
}

const digits = "48213 90577 11836 60294 75120 33981 04417 82653 19740 56308 27199 64052";

function unlock(passphrase: string): null {
  if (passphrase === "wrong" || passphrase.length < 4) fail("wrong_passphrase");
  return open("open");
}

/** A passphrase that is generated, and with which links are guarded here. */
const words = "copper meadow thirty lantern quiet walnut";

function strength(passphrase: string): { score: number; acceptable: boolean } {
  const score = Math.min(4, Math.floor(passphrase.length / 7));
  return { score, acceptable: score >= 3 };
}

const handlers: Record<string, (args: Args) => unknown> = {
  app_role: () => query.get("role") ?? "single",
  app_about: () => world.about,
  app_quit: () => null,
  app_restart: () => (query.has("stay") ? null : location.reload(), null),
  clipboard_copy: ({ text }) => (void navigator.clipboard?.writeText(text).catch(() => undefined), null),
  profile_status: () => world.profile,
  profile_generate_passphrase: () => words,
  passphrase_strength: ({ passphrase }) => strength(passphrase),
  profile_create: ({ passphrase }) =>
    strength(passphrase).acceptable ? open("open") : fail("weak_passphrase"),
  profile_unlock: ({ passphrase }) => unlock(passphrase),
  profile_lock: () => open("locked"),
  profile_erase: () => open("none"),
  settings_get: () => world.settings,
  settings_set: ({ settings }) => ((world.settings = settings), null),
  cell_list: () => (begin(), [...world.rooms.values()].map(cellOf)),
  cell_create: create,
  cell_rename: ({ cell, name }) => ((room(cell).cell.name = name), null),
  cell_mark_read: (args) => {
    const { messages } = room(args.cell);
    for (const each of messages.slice(0, messages.indexOf(message(args)) + 1)) each.unread = false;
    return null;
  },
  cell_set_lifetime: ({ cell, seconds }) => ((room(cell).cell.lifetimeS = seconds), null),
  cell_set_lan: ({ cell, on }) => ((room(cell).cell.lan = on), null),
  cell_members: ({ cell }) => room(cell).members,
  cell_invite: invite,
  cell_invites: ({ cell }) => room(cell).invites,
  cell_invite_withdraw: (args) => {
    const found =
      room(args.cell).invites.find(({ invite: id }) => id === args.invite) ?? fail("no_such_invite");
    found.state = "withdrawn";
    return null;
  },
  cell_join: join,
  cell_cancel_join: () => null,
  cell_warnings: () => [],
  cell_dismiss_warning: () => null,
  cell_confirm_join: () => null,
  cell_vouch: (args) => ((member(args).full = true), null),
  cell_remove: vote,
  cell_confirm_restored: () => null,
  cell_leave: ({ cell }) => ((room(cell).cell.state = "left"), null),
  cell_heal: () => null,
  cell_safety_number: () => ({ digits, words: phrase }),
  cell_verify: (args) => ((member(args).verified = true), null),
  message_send: (args) => send(args),
  message_list: page,
  message_get: message,
  message_readers: readers,
  message_search: search,
  message_react: react,
  message_edit: (args) => {
    Object.assign(message(args), { text: args.text, editedAt: new Date().toISOString() });
    return changed(args);
  },
  message_delete: remove,
  attachment_pick: () => choose("Minutes of Tuesday.odt", 84_000),
  attachment_offer: ({ name, bytes }) => choose(name, Math.floor((bytes.length * 3) / 4)),
  attachment_drop: ({ token }) => (takeChosen(token), null),
  attachment_send: sendAttachment,
  attachment_fetch: fetchAttachment,
  attachment_cancel: (args) => {
    Object.assign(attachment(args).attachment, { state: "offered", have: 0 });
    return null;
  },
  attachment_save: () => true,
  attachment_image: (args) => draw(attachment(args).attachment, args.longest),
  channel_list: () => channels.channels(query).map(({ row }) => row),
  channel_create: ({ name }) => channels.create(query, name),
  channel_link_open: () => channels.linkOf("wall"),
  channel_link_from_picture: () => (query.has("blank") ? fail("link_malformed") : channels.linkOf("wall")),
  channel_subscribe: ({ link, passphrase }) =>
    link.startsWith("vigil-channel:guarded") && passphrase !== words
      ? fail(passphrase ? "wrong_passphrase" : "link_guarded")
      : (channels.subscribe(query, link) ?? fail("link_malformed")),
  channel_unsubscribe: (args) => (channels.unsubscribe(query, args.channel), null),
  channel_link: ({ channel, passphrase }) =>
    passphrase && !strength(passphrase).acceptable
      ? fail("weak_passphrase")
      : channels.linkOf(channel, Boolean(passphrase)),
  channel_export: () => 12,
  channel_post: (args) => channels.add(channel(args), args.text, null),
  channel_post_call: (args) => channels.add(channel(args), null, (args as unknown as { call: Call }).call),
  channel_update_call: (args) =>
    channels.update(channel(args), args.post, (args as unknown as { call: Call }).call),
  channel_cancel_call: (args) => channels.cancel(channel(args), args.post, args.reason),
  channel_forward: (args) => {
    const { row, posts } = channel(args);
    const post = posts.find(({ post: id }) => id === args.post) ?? fail("no_such_post");
    if (post.call) {
      const { call: object } = post;
      const id = shareCall({ cell: args.cell, call: object });
      const taken = calls.callsOf(room(args.cell), query).find(({ call: shared }) => shared === id);
      const source = { channel: row.channel, name: row.name ?? "", same: true };
      if (taken) taken.source = { ...source, there: query.has("offthere") ? "off" : "same" };
      return null;
    }
    send({ ...args, text: post.text ?? "" });
    const { channel: from, name } = row;
    const said = room(args.cell).messages.at(-1);
    if (said) said.forwarded = { channel: from, name: name ?? "", post: post.post, postedOn: post.postedOn };
    return null;
  },
  channel_show_call_off: (args) => {
    Object.assign(call(args), { cancelled: { reason: "", at: new Date().toISOString() } });
    return changedCall(args);
  },
  channel_offer: () => null,
  channel_publishers: () => ({ cell: null, threshold: 1, publishers: [], offers: [] }),
  channel_set_publishers: () => 0,
  channel_pending: () => [],
  channel_countersign: () => fail("no_such_post"),
  channel_withdraw: () => fail("no_such_post"),
  channel_rekey: ({ channel }) => ({ link: channels.linkOf(channel), needs: 0 }),
  channel_posts: (args) =>
    channels.stretchOf(channel(args), (args as unknown as { before: number | null }).before, args.limit),
  call_presets: presets,
  call_preview: (args) => calls.look((args as unknown as { call: Call }).call),
  call_share: (args) => shareCall(args as unknown as { cell: string; call: Call }),
  call_list: ({ cell }) => calls.callsOf(room(cell), query),
  call_answer: (args) => (calls.answer(room(args.cell), call(args), args.answer), changedCall(args)),
  call_take_role: (args) => (calls.takeRole(room(args.cell), call(args), args.role, true), changedCall(args)),
  call_leave_role: (args) => (
    calls.takeRole(room(args.cell), call(args), args.role, false),
    changedCall(args)
  ),
  call_set_plan: (args) => (
    calls.plan(room(args.cell), call(args), args.place, args.time),
    changedCall(args)
  ),
  call_tick: (args) => (
    calls.tick(room(args.cell), call(args), (args as unknown as { item: string }).item, args.done),
    changedCall(args)
  ),
  call_set_buddy: (args) => ((call(args).myBuddy = args.member), changedCall(args)),
  call_check_in: (args) => (calls.checkIn(room(args.cell), call(args)), changedCall(args)),
  call_presume_arrest: (args) => calls.presume(room(args.cell), call(args), args.member),
  call_take_back_presumption: (args) => (
    calls.takeBack(room(args.cell), call(args), args.member),
    changedCall(args)
  ),
  call_update: (args) => {
    call(args).object = (args as unknown as { object: Call }).object;
    call(args).updatedAt = new Date().toISOString();
    return changedCall(args);
  },
  call_cancel: (args) => {
    call(args).cancelled = { reason: args.reason, at: new Date().toISOString() };
    return changedCall(args);
  },
  call_legal_card: () => true,
  call_print: () => true,
  call_export_ics: () => true,
  draft_get: ({ cell }) => room(cell).draft,
  draft_set: ({ cell, text }) => ((room(cell).draft = text), null),
  net_status: () => ({
    online: world.online,
    cells: [...world.rooms.values()].map(({ cell, members }) => ({
      cell: cell.cell,
      peer: "12D3KooWMockMockMock",
      listen: world.online ? ["/ip4/192.168.1.20/tcp/40123"] : [],
      connected: members.filter(({ reachable, isSelf }) => reachable && !isSelf).map(({ member: id }) => id),
    })),
    channels: channels.channels(query).map(({ row }, place) => ({
      channel: row.channel,
      peer: "12D3KooWMockMockMock",
      listen: world.online ? [`/ip4/192.168.1.20/tcp/${40_200 + place}`] : [],
      connected: world.online ? row.peers : 0,
    })),
  }),
  net_set_online: ({ online }) => setOnline(online),
  net_set_listen: () => null,
  bundle_export: () => 12,
  bundle_import: () => ({ cell: "c1", channel: null, envelopes: 4 }),
  invite_save: () => true,
  invite_open: () => `vigil:${"k7c2mq9xw4hf3t8zrb6n".repeat(9)}`,
  invite_from_picture: () => `vigil:${"k7c2mq9xw4hf3t8zrb6n".repeat(9)}`,
};

/** For who photographs a screen in every look: another language and other colours on what is already there. */
Object.assign(globalThis, {
  async wear({ language, ...rest }: Partial<Look> & { language: Settings["language"] }): Promise<void> {
    look.wear({ theme: "light", textSize: 100, reduceMotion: false, ...rest });
    await i18n.use(language);
  },
});

/** A warning and a request to join, for screens that answer to them; once somebody is there to hear. */
let begun = false;
function begin(): void {
  if (begun) return;
  begun = true;
  for (const kind of query.getAll("warn")) {
    tell({ type: "cell.warning", cell: query.get("cell") ?? "c1", kind }, 200);
  }
  if (query.has("asks"))
    tell({ type: "join.requested", cell: "c1", request: "r1", name: "Hana", phrase }, 400);
}

if (query.has("live")) {
  setInterval(() => {
    const { cell, messages, members } = room("c1");
    const by = members[1 + (counter % (members.length - 1))] ?? fail("internal");
    const base = messages[0] ?? fail("internal");
    const id = `live${String(counter++)}`;
    messages.push({
      ...base,
      message: id,
      author: by.member,
      name: by.name,
      mine: false,
      text: `I am home. (${id})`,
      sentAt: new Date().toISOString(),
      replyTo: null,
      reactions: [],
      unread: true,
    });
    tell({ type: "message.received", cell: cell.cell, message: id });
  }, 4_000);
}
