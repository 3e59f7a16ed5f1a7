/** The channels that this profile follows or publishes, and what is posted in the one that is open. */
import type { Backend, Call, ChannelPost, ChannelRow, Notice } from "$lib/backend";
import { base64OfFile } from "$lib/base64";
import { problemOf, type CodeProblem } from "$lib/codes";
import { Doings, ListStore } from "./loading.svelte";

/** Posts that are read at a time. */
const stretch = 30;

export class Channels extends ListStore<ChannelRow> {
  readonly #backend: Backend;
  /** Why the picture or file that was given holds no link. */
  problem = $state<CodeProblem | null>(null);
  unread = $derived.by(() => this.list.reduce((sum, { unread }) => sum + unread, 0));

  constructor(backend: Backend) {
    super(() => backend.channelList());
    this.#backend = backend;
  }

  get(channel: string | undefined): ChannelRow | undefined {
    return this.list.find((each) => each.channel === channel);
  }

  handleNotice(notice: Notice): void {
    if (notice.type === "events.missed" || notice.type.startsWith("channel.")) void this.load();
  }

  /** The new channel; null if it was refused. Without `freshDays` no next post is promised. */
  create(name: string, freshDays: number | null): Promise<string | null> {
    return this.#begin(async () => (await this.#backend.channelCreate(name.trim(), freshDays)).channel);
  }

  /** The channel behind a link; null if it was refused. No passphrase is an empty one. */
  subscribe(link: string, passphrase = ""): Promise<string | null> {
    return this.#begin(() => this.#backend.channelSubscribe(link.trim(), passphrase || null));
  }

  /** How many posts went into a file; null if it was refused, or the person changed their mind. */
  save(channel: string): Promise<number | null> {
    return this.#carry(() => this.#backend.channelExport(channel));
  }

  /** How much of a file was new; null if it was refused, or the person changed their mind. */
  bring(): Promise<number | null> {
    return this.#carry(async () => (await this.#backend.bundleImport())?.envelopes ?? null);
  }

  /** The link in a file that the person chooses; null if they changed their mind or there is none. */
  openLink(): Promise<string | null> {
    return this.#look(() => this.#backend.channelLinkOpen());
  }

  /** The link in a picture of a code; null if there is none. */
  async readPicture(picture: File): Promise<string | null> {
    this.problem = problemOf(picture);
    if (this.problem) return null;
    return this.#look(async () => this.#backend.channelLinkFromPicture(await base64OfFile(picture)));
  }

  override forgetRefusal(): void {
    super.forgetRefusal();
    this.problem = null;
  }

  unsubscribe(channel: string): Promise<boolean> {
    return this.doings.run(async () => {
      await this.#backend.channelUnsubscribe(channel);
      await this.load();
    });
  }

  async #look(read: () => Promise<string | null>): Promise<string | null> {
    this.problem = null;
    let link: string | null = null;
    const done = await this.doings.run(async () => (link = await read()));
    if (!done && this.refusal === "link_malformed") {
      this.doings.refusal = null;
      this.problem = "pictureNone";
    }
    return link;
  }

  async #carry(call: () => Promise<number | null>): Promise<number | null> {
    let count: number | null = null;
    await this.doings.run(async () => {
      count = await call();
      await this.load();
    });
    return count;
  }

  async #begin(call: () => Promise<string>): Promise<string | null> {
    let channel: string | null = null;
    await this.doings.run(async () => {
      channel = await call();
      await this.load();
    });
    return channel;
  }
}

/** What is posted in one channel, the newest first. */
export class Posts {
  readonly channel: string;
  list = $state.raw<ChannelPost[]>([]);
  loaded = $state(false);
  more = $state(false);
  readonly #backend: Backend;
  readonly #reading = new Doings();
  readonly #doings = new Doings();
  /** How many are shown: reading again shows no fewer. */
  #shown = stretch;

  constructor(backend: Backend, channel: string) {
    this.#backend = backend;
    this.channel = channel;
  }

  get failure() {
    return this.#reading.refusal;
  }

  get busy() {
    return this.#doings.busy;
  }

  get refusal() {
    return this.#doings.refusal;
  }

  async load(): Promise<void> {
    await this.#reading.run(async () => {
      const found = await this.#backend.channelPosts(this.channel, null, this.#shown);
      this.list = found.posts;
      this.more = found.more;
    });
    this.loaded = true;
  }

  async older(): Promise<void> {
    const oldest = this.list.at(-1);
    if (!oldest || !this.more) return;
    await this.#reading.run(async () => {
      const found = await this.#backend.channelPosts(this.channel, oldest.seq, stretch);
      this.list = [...this.list, ...found.posts];
      this.more = found.more;
      this.#shown = this.list.length;
    });
  }

  handleNotice(notice: Notice): void {
    const ours = "channel" in notice && notice.channel === this.channel;
    if (notice.type === "events.missed" || ours) void this.load();
  }

  /** Whether it is posted, or waits until somebody who follows the channel is reached; null if it was refused. */
  async post(text: string): Promise<"posted" | "waits" | null> {
    let posted: "posted" | "waits" | null = null;
    await this.#doings.run(async () => {
      const post = await this.#backend.channelPost(this.channel, text.trim());
      posted = post === null ? "waits" : "posted";
      await this.load();
    });
    return posted;
  }

  /** Shows a post to a cell, with the signatures of the channel. */
  forward({ post }: ChannelPost, cell: string): Promise<boolean> {
    return this.#doings.run(async () => {
      await this.#backend.channelForward(this.channel, post, cell);
    });
  }

  /** Calls off a call with all its versions. */
  cancel({ post }: ChannelPost, reason: string): Promise<boolean> {
    return this.#doings.run(async () => {
      await this.#backend.channelCancelCall(this.channel, post, reason.trim());
      await this.load();
    });
  }

  /** The next version of a call: its post, or nothing if it waits. */
  async updateCall({ post }: ChannelPost, call: Call): Promise<string> {
    const posted = await this.#backend.channelUpdateCall(this.channel, post, call);
    await this.load();
    return posted ?? "";
  }

  /** The id of the post, or nothing if it waits. Refuses like the core: who shares a call says why. */
  async postCall(call: Call): Promise<string> {
    const post = await this.#backend.channelPostCall(this.channel, call);
    await this.load();
    return post ?? "";
  }
}
