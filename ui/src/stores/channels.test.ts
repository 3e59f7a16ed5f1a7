import { expect, it, vi } from "vitest";
import type { Backend, ChannelPost, ChannelRow } from "$lib/backend";
import { pictureBytesMax } from "$lib/codes";
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
  expect(channelSubscribe).toHaveBeenCalledExactlyOnceWith("vigil-channel:x", null);
  expect(channels.refusal).not.toBeNull();
  channels.forgetRefusal();
  expect(channels.refusal).toBeNull();
});

it("a link is read out of a picture, and what is none is said to be none", async () => {
  const channelLinkFromPicture = vi.fn(async (): Promise<string> => "vigil-channel:x");
  const backend = { channelList: async () => [], channelLinkFromPicture } as unknown as Backend;
  const channels = new Channels(backend);
  const picture = (type: string, size = 3) => new File([new Uint8Array(size)], "code", { type });
  expect(await channels.readPicture(picture("image/png"))).toBe("vigil-channel:x");
  expect(channels.problem).toBeNull();
  expect(await channels.readPicture(picture("image/svg+xml"))).toBeNull();
  expect(channels.problem).toBe("pictureType");
  expect(await channels.readPicture(picture("image/png", pictureBytesMax + 1))).toBeNull();
  expect(channels.problem).toBe("pictureLarge");
  expect(channelLinkFromPicture).toHaveBeenCalledOnce();
  channelLinkFromPicture.mockImplementation(() => Promise.reject({ kind: "link_malformed", message: "" }));
  expect(await channels.readPicture(picture("image/jpeg"))).toBeNull();
  expect([channels.problem, channels.refusal]).toEqual(["pictureNone", null]);
  channels.forgetRefusal();
  expect(channels.problem).toBeNull();
});

it("who changes their mind over a file has no link and no problem", async () => {
  const backend = { channelList: async () => [], channelLinkOpen: async () => null } as unknown as Backend;
  const channels = new Channels(backend);
  expect(await channels.openLink()).toBeNull();
  expect([channels.problem, channels.refusal]).toEqual([null, null]);
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

it("a file is counted, and whoever changed their mind is told nothing", async () => {
  const bundleImport = vi.fn().mockResolvedValueOnce({ cell: null, channel: "a", envelopes: 4 });
  bundleImport.mockResolvedValueOnce(null).mockRejectedValueOnce({ kind: "bundle_foreign" });
  const channelExport = vi.fn().mockResolvedValueOnce(12).mockResolvedValueOnce(null);
  const backend = { channelList: async () => [row("a")], bundleImport, channelExport } as unknown as Backend;
  const channels = new Channels(backend);
  expect([await channels.save("a"), await channels.save("a")]).toEqual([12, null]);
  expect([await channels.bring(), await channels.bring()]).toEqual([4, null]);
  expect(channels.refusal).toBeNull();
  expect(await channels.bring()).toBeNull();
  expect(channels.refusal).toBe("bundle_foreign");
});
