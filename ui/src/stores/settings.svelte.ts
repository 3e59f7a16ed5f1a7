/** What the settings show beside the settings themselves (those are `app.settings`): search, network, about. */
import type { About, Backend, NetStatus, Notice } from "$lib/backend";
import { kindOf, type ErrorKind } from "$lib/errors";

/** Of a cell or a channel: on which addresses it can be reached. A channel has no name until a reader has told it. */
export type Port = { id: string; name: string | null; listen: string[] };

export class SettingsPage {
  query = $state("");
  about = $state.raw<About | null>(null);
  net = $state.raw<NetStatus | null>(null);
  ports = $state.raw<{ cells: Port[]; channels: Port[] }>({ cells: [], channels: [] });
  failure = $state<ErrorKind | null>(null);
  busy = $state(false);
  /** Members we are connected to, in all cells. */
  connected = $derived((this.net?.cells ?? []).reduce((sum, { connected }) => sum + connected.length, 0));
  /** Readers we are connected to, in all channels. */
  readers = $derived((this.net?.channels ?? []).reduce((sum, { connected }) => sum + connected, 0));
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async load(): Promise<void> {
    try {
      const [about, cells, channels, net] = await Promise.all([
        this.#backend.appAbout(),
        this.#backend.cellList(),
        this.#backend.channelList(),
        this.#backend.netStatus(),
      ]);
      this.about = about;
      this.net = net;
      this.ports = {
        cells: net.cells.map(({ cell, listen }) => ({
          id: cell,
          name: cells.find((each) => each.cell === cell)?.name ?? "",
          listen: listen.map(addressOf),
        })),
        channels: net.channels.map(({ channel, listen }) => ({
          id: channel,
          name: channels.find((each) => each.channel === channel)?.name ?? null,
          listen: listen.map(addressOf),
        })),
      };
    } catch (error) {
      this.failure = kindOf(error);
    }
  }

  handleNotice({ type }: Notice): void {
    if (type.startsWith("peer.") || type === "channel.changed" || type === "events.missed") void this.load();
  }

  async setOnline(online: boolean): Promise<void> {
    this.busy = true;
    this.failure = null;
    try {
      await this.#backend.netSetOnline(online);
    } catch (error) {
      this.failure = kindOf(error);
    }
    await this.load();
    this.busy = false;
  }

  /** Whether something with these words is looked for: all words of the query, in any order. */
  finds(words: string[]): boolean {
    const text = words.join(" ").toLocaleLowerCase();
    return this.query
      .toLocaleLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word));
  }
}

/** `/ip4/192.168.1.20/tcp/40123` as people write it. What has another shape stays as it is. */
export function addressOf(multiaddr: string): string {
  const [, family, ip, , port] = multiaddr.split("/");
  if (family === "ip4" && ip && port) return `${ip}:${port}`;
  if (family === "ip6" && ip && port) return `[${ip}]:${port}`;
  return multiaddr;
}

/** An address that can be listened on, or null. Names are never looked up. */
export function parseIp(text: string): string | null {
  const ip = text.trim();
  const v4 = ip.split(".");
  if (v4.length === 4 && v4.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return ip;
  return ip.includes(":") && /^[0-9a-f:.]{2,45}$/i.test(ip) ? ip : null;
}

export function parsePort(text: string): number | null {
  return /^\d{1,5}$/.test(text.trim()) && Number(text) <= 65_535 ? Number(text) : null;
}
