import { beforeEach, describe, expect, it, vi } from "vitest";
import type { At, Backend, Member, Message, Page } from "$lib/backend";
import { isDeleted } from "$lib/message";
import { Conversation } from "./conversation.svelte";

/** A cell with so many messages, m0 to the newest, answered by pages as the Rust side does. */
class FakeCell {
  messages: Message[];
  drafts: string[] = [];
  read: string[] = [];
  sent: { text: string; replyTo: string | null }[] = [];

  constructor(count: number, unread = 0) {
    this.messages = Array.from({ length: count }, (_, at) => said(at, { unread: at >= count - unread }));
  }

  backend(part: Partial<Backend> = {}): Backend {
    const backend: Partial<Backend> = {
      messageList: async (_cell, at, limit) => this.page(at, limit),
      messageGet: async (_cell, message) => {
        const found = this.messages.find((each) => each.message === message);
        if (!found) throw { kind: "no_such_message", message: "" };
        return found;
      },
      messageSend: async (_cell, text, replyTo) => {
        this.sent.push({ text, replyTo });
        return this.say({ mine: true, text }).message;
      },
      messageEdit: async (_cell, message, text) => {
        this.messages = this.messages.map((each) => (each.message === message ? { ...each, text } : each));
        return null;
      },
      cellMembers: async () => [] as Member[],
      cellMarkRead: async (_cell, message) => (this.read.push(message), null),
      draftGet: async () => "",
      draftSet: async (_cell, text) => (this.drafts.push(text), null),
      ...part,
    };
    return backend as Backend;
  }

  say(part: Partial<Message> = {}): Message {
    const message = said(this.messages.length, part);
    this.messages.push(message);
    return message;
  }

  page(at: At, limit: number): Page {
    const find = (id: string) => this.messages.findIndex(({ message }) => message === id);
    const unread = this.messages.findIndex((each) => each.unread);
    let start = this.messages.length - limit;
    if (at === "firstUnread" && unread !== -1) start = unread - limit / 2;
    else if (typeof at === "object") {
      if (at.before !== undefined) start = find(at.before) - limit;
      else if (at.after !== undefined) start = find(at.after) + 1;
      else start = find(at.around) - limit / 2;
    }
    const end = Math.min(this.messages.length, start + limit);
    start = Math.max(0, start);
    return {
      messages: this.messages.slice(start, end),
      moreBefore: start > 0,
      moreAfter: end < this.messages.length,
    };
  }
}

function said(at: number, part: Partial<Message> = {}): Message {
  return {
    message: `m${String(at)}`,
    forwarded: null,
    author: "bob",
    name: "Bob",
    mine: false,
    text: `said ${String(at)}`,
    deleted: false,
    attachment: null,
    sentAt: new Date(Date.UTC(2026, 4, 3, 12, at)).toISOString(),
    editedAt: null,
    replyTo: null,
    delivery: { have: 0, of: 2 },
    audience: 3,
    reactions: [],
    unread: false,
    ...part,
  };
}

const ids = ({ messages }: Conversation) => messages.map(({ message }) => message);
const span = (conversation: Conversation) => [ids(conversation)[0], ids(conversation).at(-1)];
const settled = () => new Promise((resolve) => setTimeout(resolve));

async function opened(cell: FakeCell, part: Partial<Backend> = {}): Promise<Conversation> {
  const conversation = new Conversation(cell.backend(part), "c");
  await conversation.open();
  return conversation;
}

describe("opening", () => {
  it("shows the newest page and goes to its end", async () => {
    const conversation = await opened(new FakeCell(250));
    expect(span(conversation)).toEqual(["m150", "m249"]);
    expect(conversation.goal).toEqual({ to: "newest" });
    expect([conversation.moreBefore, conversation.moreAfter]).toEqual([true, false]);
  });

  it("stops at the first that was not read, with what came before it", async () => {
    const conversation = await opened(new FakeCell(400, 200));
    expect(conversation.unreadFrom).toBe("m200");
    expect(conversation.goal).toEqual({ to: "unread" });
    expect(span(conversation)).toEqual(["m150", "m249"]);
    expect(conversation.moreAfter).toBe(true);
  });

  it("says why it could not", async () => {
    const conversation = await opened(new FakeCell(1), {
      messageList: async () => {
        throw { kind: "no_such_cell", message: "" };
      },
    });
    expect(conversation.failure).toBe("no_such_cell");
  });
});

describe("paging", () => {
  it("puts older messages above, and says that it grew there", async () => {
    const conversation = await opened(new FakeCell(250));
    await conversation.older();
    expect(span(conversation)).toEqual(["m50", "m249"]);
    expect(conversation.grewBefore).toBe(true);
    await conversation.older();
    await conversation.older();
    expect(ids(conversation)).toHaveLength(250);
    expect(conversation.moreBefore).toBe(false);
  });

  it("does not load the same page twice when asked twice at once", async () => {
    const conversation = await opened(new FakeCell(500));
    await Promise.all([conversation.older(), conversation.older()]);
    expect(new Set(ids(conversation)).size).toBe(ids(conversation).length);
    expect(ids(conversation)).toHaveLength(200);
  });

  it("jumps to a message far away, and reads on from there to the newest", async () => {
    const conversation = await opened(new FakeCell(500));
    await conversation.goTo("m100");
    expect(span(conversation)).toEqual(["m50", "m149"]);
    expect(conversation.goal).toEqual({ to: "message", message: "m100" });
    while (conversation.moreAfter) await conversation.newer();
    expect(span(conversation)).toEqual(["m50", "m499"]);
    expect(conversation.grewBefore).toBe(false);
  });
});

describe("what arrives", () => {
  it("is put at the end and followed, if one is there", async () => {
    const cell = new FakeCell(250);
    const conversation = await opened(cell);
    const { message } = cell.say();
    conversation.handleNotice({ type: "message.received", cell: "c", message });
    await settled();
    expect(ids(conversation).at(-1)).toBe("m250");
    expect(conversation.goal).toEqual({ to: "newest" });
    expect(conversation.fresh).toBe(0);
  });

  it("is counted, and moves nothing, while one reads further up", async () => {
    const cell = new FakeCell(250);
    const conversation = await opened(cell);
    conversation.atEnd = false;
    conversation.goal = null;
    const { message } = cell.say();
    conversation.handleNotice({ type: "message.received", cell: "c", message });
    await settled();
    expect(conversation.fresh).toBe(1);
    expect(conversation.goal).toBeNull();
  });

  it("is told once, and not if it is ours", async () => {
    const cell = new FakeCell(3);
    const arrived = vi.fn<(message: Message) => void>();
    const conversation = new Conversation(cell.backend(), "c", { onarrived: arrived });
    await conversation.open();
    cell.say({ mine: true });
    const { message } = cell.say();
    conversation.handleNotice({ type: "message.received", cell: "c", message });
    conversation.handleNotice({ type: "message.received", cell: "c", message });
    await settled();
    expect(arrived.mock.calls.map(([each]) => each.message)).toEqual([message]);
  });

  it("leaves no hole when more came than a page holds", async () => {
    const cell = new FakeCell(10);
    const conversation = await opened(cell);
    for (let count = 0; count < 300; count++) cell.say();
    conversation.handleNotice({ type: "message.received", cell: "c", message: "m200" });
    await settled();
    expect(conversation.moreAfter).toBe(true);
    while (conversation.moreAfter) await conversation.newer();
    expect(ids(conversation)).toEqual(cell.messages.map(({ message }) => message));
  });

  it("of another cell changes nothing", async () => {
    const cell = new FakeCell(2);
    const conversation = await opened(cell);
    cell.say();
    conversation.handleNotice({ type: "message.received", cell: "other", message: "m2" });
    await settled();
    expect(ids(conversation)).toEqual(["m0", "m1"]);
  });

  it("takes away what was deleted here", async () => {
    const cell = new FakeCell(3);
    const conversation = await opened(cell);
    cell.messages = cell.messages.filter(({ message }) => message !== "m1");
    conversation.handleNotice({ type: "message.changed", cell: "c", message: "m1" });
    await settled();
    expect(ids(conversation)).toEqual(["m0", "m2"]);
  });

  it("shows how far a message of ours came", async () => {
    const conversation = await opened(new FakeCell(1));
    conversation.handleNotice({ type: "message.delivered", cell: "c", message: "m0", have: 1, of: 2 });
    expect(conversation.messages[0]?.delivery).toEqual({ have: 1, of: 2 });
  });
});

describe("writing", () => {
  beforeEach(() => void vi.useRealTimers());

  it("keeps a draft a moment after the last key, and once", async () => {
    vi.useFakeTimers();
    const cell = new FakeCell(1);
    const conversation = await opened(cell);
    conversation.write("at");
    await vi.advanceTimersByTimeAsync(300);
    conversation.write("at the fountain");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(cell.drafts).toEqual(["at the fountain"]);
  });

  it("keeps a draft while somebody writes without a pause", async () => {
    vi.useFakeTimers();
    const cell = new FakeCell(1);
    const conversation = await opened(cell);
    for (let length = 1; length <= 50; length += 1) {
      conversation.write("x".repeat(length));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(cell.drafts.length).toBeGreaterThan(5);
    expect(cell.drafts.at(-1)?.length).toBeGreaterThan(45);
  });

  it("keeps a draft at once when the cell is left", async () => {
    const cell = new FakeCell(1);
    const conversation = await opened(cell);
    conversation.write("at");
    conversation.close();
    expect(cell.drafts).toEqual(["at"]);
  });

  it("sends, answers what was to be answered, and forgets the draft", async () => {
    const cell = new FakeCell(2);
    const conversation = await opened(cell);
    conversation.reply(cell.messages[1] ?? said(1));
    conversation.write("  gladly \n");
    await conversation.saveDraft();
    await conversation.submit();
    expect(cell.sent).toEqual([{ text: "gladly", replyTo: "m1" }]);
    expect([conversation.draft, conversation.replyTo]).toEqual(["", null]);
    expect(cell.drafts.at(-1)).toBe("");
    expect(conversation.messages.at(-1)?.text).toBe("gladly");
  });

  it("goes to the newest after sending from further up", async () => {
    const cell = new FakeCell(500);
    const conversation = await opened(cell);
    await conversation.goTo("m100");
    conversation.write("here");
    await conversation.submit();
    expect(ids(conversation).at(-1)).toBe("m500");
    expect(conversation.goal).toEqual({ to: "newest" });
  });

  it("sends nothing that is empty or too long, and keeps what was written", async () => {
    const cell = new FakeCell(1);
    const conversation = await opened(cell);
    conversation.write(" \n ");
    await conversation.submit();
    const long = "ж".repeat(8_193);
    conversation.write(long);
    await expect(conversation.submit()).rejects.toMatchObject({ kind: "text_too_long" });
    expect(cell.sent).toEqual([]);
    expect(conversation.draft).toBe(long);
  });

  it("keeps what was written when it cannot be sent", async () => {
    const conversation = await opened(new FakeCell(1), {
      messageSend: async () => {
        throw { kind: "disk_full", message: "" };
      },
    });
    conversation.write("at the fountain");
    await expect(conversation.submit()).rejects.toMatchObject({ kind: "disk_full" });
    expect([conversation.draft, conversation.sending]).toEqual(["at the fountain", false]);
  });

  it("edits in place, and gives the draft back afterwards", async () => {
    const cell = new FakeCell(1);
    const conversation = await opened(cell);
    conversation.write("half a thought");
    conversation.edit(cell.messages[0] ?? said(0));
    conversation.write("said better");
    await conversation.submit();
    expect(conversation.messages[0]?.text).toBe("said better");
    expect([conversation.editing, conversation.text]).toEqual([null, "half a thought"]);
  });
});

describe("reading", () => {
  it("marks up to what was seen, and only if something there was new", async () => {
    const cell = new FakeCell(10, 3);
    const conversation = await opened(cell);
    await conversation.seen("m5");
    await conversation.seen("m8");
    await conversation.seen("m8");
    expect(cell.read).toEqual(["m8"]);
    expect(conversation.messages.filter(({ unread }) => unread).map(({ message }) => message)).toEqual([
      "m9",
    ]);
  });

  it("leaves the mark where the unread began", async () => {
    const conversation = await opened(new FakeCell(10, 3));
    await conversation.seen("m9");
    expect(conversation.rows.find(({ unreadFrom }) => unreadFrom)?.message.message).toBe("m7");
  });
});

describe("what a message carries", () => {
  const carried = (state: "here" | "coming" | "offered", have: number) =>
    ({
      attachment: "m1",
      kind: "file",
      name: "a.pdf",
      size: 9,
      width: null,
      height: null,
      state,
      have,
      of: 9,
    }) as const;

  it("follows its progress, and tells when it is here", async () => {
    const cell = new FakeCell(0);
    cell.messages = [said(1, { text: null, deleted: false, attachment: carried("offered", 0) })];
    const came: string[] = [];
    const attachmentFetch = async (): Promise<null> => null;
    const conversation = new Conversation(cell.backend({ attachmentFetch }), "c", {
      onfetched: ({ name }) => came.push(name),
    });
    await conversation.open();
    conversation.handleNotice({ type: "attachment.progress", cell: "c", attachment: "m1", have: 4, of: 9 });
    expect(conversation.messages[0]?.attachment).toMatchObject({ state: "coming", have: 4 });
    cell.messages = [said(1, { text: null, deleted: false, attachment: carried("here", 9) })];
    conversation.handleNotice({ type: "message.changed", cell: "c", message: "m1" });
    await vi.waitFor(() => expect(came).toEqual(["a.pdf"]));
    conversation.handleNotice({ type: "attachment.progress", cell: "c", attachment: "m1", have: 8, of: 9 });
    expect(conversation.messages[0]?.attachment).toMatchObject({ state: "here" });
  });

  it("a message without a text is not a deleted one", () => {
    expect(isDeleted(said(1, { text: null, attachment: carried("here", 9) }))).toBe(false);
    expect(isDeleted(said(1, { text: null, deleted: true }))).toBe(true);
  });
});

it("tells each time something of ours was said or changed, because no notice comes of it", async () => {
  const cell = new FakeCell(2);
  const done = async (): Promise<null> => null;
  let told = 0;
  const part = { messageEdit: done, messageReact: done, messageDelete: done };
  const conversation = new Conversation(cell.backend(part), "c", { onsaid: () => told++ });
  await conversation.open();
  conversation.write("at noon");
  await conversation.submit();
  expect(told).toBe(1);
  const message = said(1);
  conversation.edit(message);
  await conversation.submit();
  await conversation.react(message, "🤍");
  await conversation.remove("m1", false);
  expect(told).toBe(4);
});
