/** The channels of the mock: `?parted`, `?silent` and `?missing` do to the first what their names say,
 * and with `?called` there is a call in ours. */
import type { Call, ChannelPost, ChannelPosts, ChannelRow, NewChannel } from "../bindings";
import { presets } from "./presets";

type Known = { row: ChannelRow; posts: ChannelPost[] };

const dayOf = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
let counter = 0;
let known: Known[] | undefined;

export function channels(query: URLSearchParams): Known[] {
  known ??=
    ["empty", "none"].includes(query.get("state") ?? "") || query.has("unfollowed") ? [] : begun(query);
  return known;
}

function rowOf(name: string, part: Partial<ChannelRow> = {}): ChannelRow {
  return {
    channel: `channel${String(counter++)}`,
    name,
    confusable: false,
    state: "reading",
    publisher: false,
    restored: false,
    unsigned: 0,
    toSign: 0,
    publishers: 1,
    threshold: 1,
    unread: 0,
    missing: 0,
    silentSince: null,
    parted: false,
    peers: 2,
    ...part,
  };
}

function postOf(seq: number, ago: number, part: Partial<ChannelPost>): ChannelPost {
  return {
    post: `post${String(counter++)}`,
    seq,
    kind: part.call ? "call" : "text",
    text: null,
    call: null,
    cancelled: null,
    replaced: false,
    postedOn: dayOf(ago),
    after: false,
    stands: true,
    ...part,
  };
}

function begun(query: URLSearchParams): Known[] {
  const [vigil, leaflets] = presets();
  if (!vigil || !leaflets) return [];
  const city = rowOf("Silent minutes, city", {
    publishers: 3,
    threshold: 2,
    unread: 2,
    parted: query.has("parted"),
    silentSince: query.has("silent") ? dayOf(9) : null,
    missing: query.has("missing") ? 3 : 0,
  });
  const posts = [
    postOf(12, 0, {
      text: "Not only one square: wherever you are, fifteen minutes are enough.\n\nWhoever cannot stand puts a candle into the window.",
    }),
    postOf(11, 1, { call: vigil }),
    postOf(10, 2, {
      call: leaflets,
      cancelled: "Somebody waits at the print shop.",
      after: query.has("missing"),
    }),
    postOf(6, 6, { text: "Eleven towns last week. You are not alone." }),
  ];
  const ours = rowOf("Библиотека: чтения", { publisher: true, peers: 0 });
  return [
    { row: city, posts },
    {
      row: ours,
      posts: [
        ...(query.has("called") ? [postOf(1, 0, { call: vigil })] : []),
        postOf(0, 3, { text: "Первая встреча в четверг. Приносите то, что читаете вслух." }),
      ],
    },
  ];
}

export function create(query: URLSearchParams, name: string): NewChannel {
  const row = rowOf(name, { publisher: true, peers: 0 });
  channels(query).push({ row, posts: [] });
  return { channel: row.channel, link: linkOf(row.channel) };
}

export function subscribe(query: URLSearchParams, link: string): string | null {
  if (!link.startsWith("vigil-channel:")) return null;
  const row = rowOf("Wall newspaper", { peers: 1 });
  channels(query).push({ row, posts: [postOf(3, 0, { text: "Read it, copy it, pass it on." })] });
  return row.channel;
}

export function unsubscribe(query: URLSearchParams, channel: string): void {
  known = channels(query).filter(({ row }) => row.channel !== channel);
}

export function linkOf(channel: string, guarded = false): string {
  return `vigil-channel:${guarded ? "guarded" : ""}${btoa(`${channel}:`.repeat(14)).replaceAll("=", "")}`;
}

export function add({ posts }: Known, text: string | null, call: Call | null): string {
  const post = postOf((posts[0]?.seq ?? -1) + 1, 0, { text, call });
  posts.unshift(post);
  return post.post;
}

export function cancel({ posts }: Known, id: string, reason: string): string {
  for (const post of posts) if (post.post === id) post.cancelled = reason;
  const post = postOf((posts[0]?.seq ?? -1) + 1, 0, { kind: "cancel", cancelled: reason });
  posts.unshift(post);
  return post.post;
}

export function update(known: Known, id: string, call: Call): string {
  for (const post of known.posts) if (post.post === id) post.replaced = true;
  return add(known, null, call);
}

export function stretchOf({ row, posts }: Known, before: number | null, limit: number): ChannelPosts {
  row.unread = 0;
  const found = posts.filter(({ seq }) => before === null || seq < before);
  return { posts: found.slice(0, limit), more: found.length > limit };
}
