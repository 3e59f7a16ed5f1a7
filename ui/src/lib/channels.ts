/** Channels in words. */
import type { ChannelRow } from "$lib/backend";
import { t } from "./i18n";

/** What is wrong with a channel, the worst first; null if nothing is. */
export function troubleOf(channel: ChannelRow): "parted" | "silent" | "missing" | null {
  if (channel.parted) return "parted";
  if (channel.silentSince) return "silent";
  return channel.missing > 0 ? "missing" : null;
}

/** What a channel is called, as far as we know. */
export function nameOf({ name }: ChannelRow): string {
  return name ?? t("channel-unnamed");
}
