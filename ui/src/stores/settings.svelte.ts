/** What the settings show beside the settings themselves (those are `app.settings`): search, network, about. */
import type { About, Backend, NetStatus, Notice } from "$lib/backend";
import { kindOf, type ErrorKind } from "$lib/errors";

/** One cell's part of the network: on which addresses it can be reached. */
export type Port = { cell: string; name: string; listen: string[] };

export class SettingsPage {
  query = $state("");
  about = $state.raw<About | null>(null);
  net = $state.raw<NetStatus | null>(null);
  ports = $state.raw<Port[]>([]);
  failure = $state<ErrorKind | null>(null);
  busy = $state(false);
  /** Members we are connected to, in all cells. */
  connected = $derived((this.net?.cells ?? []).reduce((sum, { connected }) => sum + connected.length, 0));
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async load(): Promise<void> {
    try {
      const [about, cells, net] = await Promise.all([
        this.#backend.appAbout(),
        this.#backend.cellList(),
        this.#backend.netStatus(),
      ]);
      this.about = about;
      this.net = net;
      this.ports = net.cells.map(({ cell, listen }) => ({
        cell,
        name: cells.find((each) => each.cell === cell)?.name ?? "",
        listen: listen.map(addressOf),
      }));
    } catch (error) {
      this.failure = kindOf(error);
    }
  }

  handleNotice({ type }: Notice): void {
    if (type.startsWith("peer.") || type === "events.missed") void this.load();
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
