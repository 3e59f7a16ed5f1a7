import { expect, it, vi } from "vitest";
import type { Backend, ChannelPost, ChannelRow } from "$lib/backend";
import { Channels, Posts } from "./channels.svelte";

const row = (channel: string, unread = 0) => ({ channel, name: channel, unread }) as ChannelRow;
const post = (seq: number) => ({ post: `p${String(seq)}`, seq }) as ChannelPost;
/** Ten posts, as the core gives them: the newest first, before a seq. */
const page = (before: number | null, limit: number) => {
  const all = Array.from({ length: 10 }, (_, at) => post(9 - at)).filter(
    ({ seq }) => before === null || seq < before,
  );
  return { posts: all.slice(0, limit), more: all.length > limit };
};

it("what is new in all channels is counted", async () => {
  const channels = new Channels({
    channelList: async () => [row("a", 2), row("b", 3)],
  } as unknown as Backend);
  await channels.load();
  expect([channels.unread, channels.get("b")?.unread, channels.get("c")]).toEqual([5, 3, undefined]);
});

it("a link that is none subscribes to nothing, and says why until one begins anew", async () => {
  const channelSubscribe = vi.fn(async () => {
    throw { kind: "link_invalid" };
  });
  const backend = { channelList: async () => [], channelSubscribe } as unknown as Backend;
  const channels = new Channels(backend);
  expect(await channels.subscribe("  vigil-channel:x ")).toBeNull();
  expect(channelSubscribe).toHaveBeenCalledExactlyOnceWith("vigil-channel:x");
  expect(channels.refusal).not.toBeNull();
  channels.forgetRefusal();
  expect(channels.refusal).toBeNull();
});

it("older posts follow, and a new one does not hide them", async () => {
  const channelPosts = vi.fn(async (_: string, before: number | null, limit: number) =>
    page(before, Math.min(limit, 4)),
  );
  const posts = new Posts({ channelPosts } as unknown as Backend, "a");
  await posts.load();
  await posts.older();
  expect([posts.list.map(({ seq }) => seq), posts.more]).toEqual([[9, 8, 7, 6, 5, 4, 3, 2], true]);
  posts.handleNotice({ type: "channel.post_received", channel: "other", post: "p" });
  expect(channelPosts).toHaveBeenCalledTimes(2);
  posts.handleNotice({ type: "channel.post_received", channel: "a", post: "p" });
  expect(channelPosts).toHaveBeenLastCalledWith("a", null, 8);
});
