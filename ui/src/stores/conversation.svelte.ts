/**
 * One cell that is open: a window on its messages that grows by pages at both ends, its people, and what is being
 * written. The window is a piece of the whole without holes. `moreAfter` tells that it does not reach the newest.
 */
import type { At, Attachment, Backend, Member, Message, Notice, Page } from "$lib/backend";
import { kindOf, type ErrorKind } from "$lib/errors";
import { bytesOf, textMax } from "$lib/limits";
import { rowsOf } from "$lib/rows";
import { Attaching } from "./attaching.svelte";
import { Pictures } from "./pictures.svelte";

const pageSize = 100;
/** A message that arrives late can stand further up than the last page; so much of the window is then read again. */
const rereadMax = 2_000;
/** Between two writings of a draft: what a power cut may take of it. */
const draftMs = 400;

/** Where the log is asked to go. A new object each time, so that the same place can be asked for twice. */
export type Goal = { to: "newest" | "unread" } | { to: "message"; message: string };

/** What others want to know: that something was read, and what somebody else said while it was open. */
export type Told = {
  onread?: () => void;
  /** Something of ours was said, changed or taken back. No notice comes of one's own doing. */
  onsaid?: () => void;
  onarrived?: (message: Message) => void;
  onfetched?: (attachment: Attachment) => void;
};

export class Conversation {
  readonly cell: string;
  messages = $state.raw<Message[]>([]);
  members = $state.raw<Member[]>([]);
  moreBefore = $state(false);
  moreAfter = $state(false);
  /** The window grew at its beginning, so what is seen has to stay where it is. */
  grewBefore = $state(false);
  loading = $state(true);
  failure = $state<ErrorKind | null>(null);
  unreadFrom = $state<string | null>(null);
  /** How many came while one was reading further up. */
  fresh = $state(0);
  goal = $state.raw<Goal | null>(null);
  draft = $state("");
  replyTo = $state.raw<Message | null>(null);
  editing = $state.raw<{ message: string; text: string } | null>(null);
  sending = $state(false);
  rows = $derived(rowsOf(this.messages, this.unreadFrom));
  present = $derived(this.members.filter(({ state }) => state === "member"));
  self = $derived(this.members.find(({ isSelf }) => isSelf)?.member ?? null);
  /** Members who are removed, where somebody has not heard of it yet. */
  removals = $derived(
    this.members.filter(
      ({ state, removal }) => state === "removed" && removal && removal.applied < removal.of,
    ),
  );
  /** Set by the log: whether the newest message is in sight. */
  atEnd = true;
  readonly attaching: Attaching;
  readonly pictures: Pictures;
  readonly #backend: Backend;
  readonly #told: Told;
  #draftTimer: ReturnType<typeof setTimeout> | undefined;
  #savedDraft = "";
  #growing = false;
  #tail = onceAtATime(() => this.#readTail());
  #people = onceAtATime(() => this.#readMembers());
  #closed = false;

  constructor(backend: Backend, cell: string, told: Told = {}) {
    this.#backend = backend;
    this.cell = cell;
    this.attaching = new Attaching(backend, cell);
    this.pictures = new Pictures(backend);
    this.#told = told;
  }

  get text(): string {
    return this.editing?.text ?? this.draft;
  }

  async open(): Promise<void> {
    this.loading = true;
    this.failure = null;
    try {
      const [page, members, draft] = await Promise.all([
        this.#list("firstUnread"),
        this.#backend.cellMembers(this.cell),
        this.#backend.draftGet(this.cell),
      ]);
      this.members = members;
      this.draft = this.#savedDraft = draft;
      this.unreadFrom = page.messages.find(({ unread }) => unread)?.message ?? null;
      this.#replace(page, { to: this.unreadFrom ? "unread" : "newest" });
    } catch (error) {
      this.failure = kindOf(error);
    }
    this.loading = false;
  }

  close(): void {
    this.#closed = true;
    // What is being sent goes on.
    if (!this.sending) void this.attaching.drop();
    void this.saveDraft();
  }

  /** Loads the page before the window, once at a time. */
  async older(): Promise<void> {
    const first = this.messages[0];
    if (!first || !this.moreBefore || this.#growing) return;
    this.#growing = true;
    await this.#quietly(async () => {
      const page = await this.#list({ before: first.message });
      this.grewBefore = true;
      this.messages = [...page.messages, ...this.messages];
      this.moreBefore = page.moreBefore;
    });
    this.#growing = false;
  }

  async newer(): Promise<void> {
    const last = this.messages.at(-1);
    if (!last || !this.moreAfter || this.#growing) return;
    this.#growing = true;
    await this.#quietly(async () => {
      const page = await this.#list({ after: last.message });
      this.grewBefore = false;
      this.messages = [...this.messages, ...page.messages];
      this.moreAfter = page.moreAfter;
    });
    this.#growing = false;
  }

  async goTo(message: string): Promise<void> {
    if (this.#has(message)) {
      this.goal = { to: "message", message };
      return;
    }
    const page = await this.#list({ around: message });
    this.#replace(page, { to: "message", message });
  }

  async goToNewest(): Promise<void> {
    if (this.moreAfter) this.#replace(await this.#list("newest"), { to: "newest" });
    else this.goal = { to: "newest" };
    this.fresh = 0;
  }

  /** Everything up to this message was in sight. */
  async seen(message: string): Promise<void> {
    const end = this.messages.findIndex((each) => each.message === message) + 1;
    const read = this.messages.slice(0, end);
    if (this.atEnd) this.fresh = 0;
    if (!read.some(({ unread }) => unread)) return;
    this.grewBefore = false;
    this.messages = this.messages.map((each, at) =>
      at < end && each.unread ? { ...each, unread: false } : each,
    );
    await this.#quietly(() => this.#backend.cellMarkRead(this.cell, message));
    this.#told.onread?.();
  }

  write(text: string): void {
    if (this.editing) {
      this.editing = { ...this.editing, text };
      return;
    }
    this.draft = text;
    // Somebody who never pauses must not lose what they wrote.
    this.#draftTimer ??= setTimeout(() => void this.saveDraft(), draftMs);
  }

  async saveDraft(): Promise<void> {
    clearTimeout(this.#draftTimer);
    this.#draftTimer = undefined;
    const { draft } = this;
    if (draft === this.#savedDraft) return;
    this.#savedDraft = draft;
    await this.#quietly(() => this.#backend.draftSet(this.cell, draft));
  }

  /** Sends what is written, or puts it in the place of what is edited. Rejects with the error of the command. */
  async submit(): Promise<void> {
    const text = this.text.trim();
    const carries = this.attaching.picked !== null && !this.editing;
    if ((text === "" && !carries) || this.sending) return;
    if (bytesOf(text) > textMax) throw { kind: "text_too_long", message: "" };
    this.sending = true;
    try {
      if (this.editing) await this.#edit(this.editing.message, text);
      else await this.#send(text);
      this.#told.onsaid?.();
    } finally {
      this.sending = false;
    }
  }

  reply(message: Message): void {
    this.editing = null;
    this.replyTo = message;
  }

  edit({ message, text }: Message): void {
    this.replyTo = null;
    this.editing = { message, text: text ?? "" };
  }

  /** Leaves replying or editing; what had been written before is there again. */
  dropIntent(): void {
    this.replyTo = null;
    this.editing = null;
  }

  async react(message: Message, emoji: string): Promise<void> {
    const mine = message.reactions.find((reaction) => reaction.mine);
    await this.#backend.messageReact(this.cell, message.message, mine?.emoji === emoji ? null : emoji);
    await this.#readOne(message.message);
    this.#told.onsaid?.();
  }

  async remove(message: string, everywhere: boolean): Promise<void> {
    await this.#backend.messageDelete(this.cell, message, everywhere);
    await this.#readOne(message);
    this.#told.onsaid?.();
  }

  /** Asks for what a message carries, or goes on with it. */
  async fetch({ attachment }: Attachment): Promise<void> {
    await this.#backend.attachmentFetch(attachment);
    await this.#readOne(attachment);
  }

  async cancelFetch({ attachment }: Attachment): Promise<void> {
    await this.#backend.attachmentCancel(attachment);
    await this.#readOne(attachment);
  }

  /** False if the person changed their mind in the dialog of the system; `lost` if the disk has not kept all of it. */
  async save({ attachment }: Attachment): Promise<boolean | "lost"> {
    try {
      return await this.#backend.attachmentSave(attachment);
    } catch (error) {
      if (kindOf(error) !== "unreachable") throw error;
      await this.#readOne(attachment);
      return "lost";
    }
  }

  handleNotice(notice: Notice): void {
    if (notice.type === "events.missed") void this.open();
    if (!("cell" in notice) || notice.cell !== this.cell) return;
    switch (notice.type) {
      case "message.received":
        if (this.moreAfter || !this.atEnd) this.fresh++;
        void this.#tail();
        break;
      case "message.changed":
        void this.#quietly(() => this.#readOne(notice.message));
        break;
      case "attachment.progress":
        this.#progress(notice.attachment, notice.have, notice.of);
        break;
      case "message.delivered":
        this.#change(notice.message, { delivery: { have: notice.have, of: notice.of } });
        break;
      case "cell.member_joined":
      case "cell.member_removed":
      case "cell.removed_us":
      case "cell.warning":
      case "peer.connected":
      case "peer.disconnected":
      case "cell.synced":
        void this.#people();
        break;
      case "join.requested":
      case "cell.joined":
      case "call.received":
      case "call.changed":
      case "call.erased":
      case "call.missed_check_in":
        break;
    }
  }

  async #send(text: string): Promise<void> {
    const replyTo = this.replyTo?.message ?? null;
    if (this.attaching.picked) await this.attaching.send(text, replyTo);
    else await this.#backend.messageSend(this.cell, text, replyTo);
    this.replyTo = null;
    this.draft = "";
    this.unreadFrom = null;
    await this.saveDraft();
    if (!this.moreAfter) await this.#tail();
    await this.goToNewest();
  }

  async #edit(message: string, text: string): Promise<void> {
    await this.#backend.messageEdit(this.cell, message, text);
    this.editing = null;
    await this.#readOne(message);
  }

  #list(at: At, limit = pageSize): Promise<Page> {
    return this.#backend.messageList(this.cell, at, limit);
  }

  #replace(page: Page, goal: Goal): void {
    if (this.#closed) return;
    this.grewBefore = false;
    this.messages = page.messages;
    this.moreBefore = page.moreBefore;
    this.moreAfter = page.moreAfter;
    this.goal = goal;
  }

  /** Reads the end of the window again, further back if what arrived belongs further up. */
  async #readTail(): Promise<void> {
    if (this.moreAfter || this.#closed) return;
    await this.#quietly(async () => {
      const before = new Set(this.messages.map(({ message }) => message));
      let page = await this.#list("newest");
      const isNew = page.messages.some(({ message }) => !before.has(message));
      if (!isNew) page = await this.#list("newest", Math.min(this.messages.length + 1, rereadMax));
      const first = page.messages[0]?.message;
      const at = this.messages.findIndex(({ message }) => message === first);
      if (at === -1 && page.moreBefore && this.messages.length > 0) {
        // More came than a page holds: there is a hole between the window and the newest.
        this.moreAfter = true;
        return;
      }
      this.grewBefore = false;
      this.messages = [...this.messages.slice(0, Math.max(0, at)), ...page.messages];
      if (this.atEnd) this.goal = { to: "newest" };
      for (const each of page.messages)
        if (!each.mine && !before.has(each.message)) this.#told.onarrived?.(each);
    });
  }

  async #readMembers(): Promise<void> {
    await this.#quietly(async () => {
      this.members = await this.#backend.cellMembers(this.cell);
    });
  }

  async #readOne(message: string): Promise<void> {
    try {
      const before = this.messages.find((each) => each.message === message)?.attachment;
      const after: Message = await this.#backend.messageGet(this.cell, message);
      this.#change(message, after);
      const came = before && before.state !== "here" && after.attachment?.state === "here";
      if (came && after.attachment) this.#told.onfetched?.(after.attachment);
    } catch (error) {
      if (kindOf(error) !== "no_such_message") throw error;
      this.grewBefore = false;
      this.messages = this.messages.filter((each) => each.message !== message);
    }
  }

  #change(message: string, part: Partial<Message>): void {
    this.grewBefore = false;
    this.messages = this.messages.map((each) => (each.message === message ? { ...each, ...part } : each));
  }

  #progress(message: string, have: number, of: number): void {
    const attachment = this.messages.find((each) => each.message === message)?.attachment;
    if (!attachment || attachment.state === "here") return;
    this.#change(message, { attachment: { ...attachment, state: "coming", have, of } });
  }

  #has(message: string): boolean {
    return this.messages.some((each) => each.message === message);
  }

  /** For what nobody asked for and nobody waits for: it is tried again at the next occasion. */
  async #quietly(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (kindOf(error) === "no_such_cell") this.failure = "no_such_cell";
    }
  }
}

/** While `work` is under way, any number of calls become one more run of it. */
function onceAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await work();
    } while (again);
    running = null;
  };
  return () => {
    if (running) again = true;
    else running = run();
    return running ?? Promise.resolve();
  };
}
