/** What can be changed about one cell. Each thing has its own outcome, which is shown beside it. */
import type { Backend, Cell } from "$lib/backend";
import { kindOf, type ErrorKind } from "$lib/errors";
import { addressOf, parseIp, parsePort } from "./settings.svelte";

export type Thing = "name" | "lan" | "lifetime" | "listen" | "heal" | "export" | "import" | "leave";
export type Outcome = { done: true; count?: number } | { done: false; kind: ErrorKind };

const day = 24 * 3_600;
/** How long messages can be chosen to last: for a night, a day, a week, a month. */
const lifetimes = [3_600, day, 7 * day, 30 * day];

export class CellSettings {
  name = $state("");
  ip = $state("");
  port = $state("");
  lan = $state(false);
  lifetimeS = $state(0);
  /** What can be chosen: what is agreed upon is always among them. */
  lifetimes = $derived([...new Set([...lifetimes, this.lifetimeS])].sort((a, b) => a - b));
  listen = $state.raw<string[]>([]);
  busy = $state<Thing | null>(null);
  outcomes = $state<Partial<Record<Thing, Outcome>>>({});
  /** Which of the two is nothing that can be listened on. */
  wrong = $state<"ip" | "port" | null>(null);
  readonly cell: string;
  readonly #backend: Backend;

  constructor(backend: Backend, cell: Cell) {
    this.#backend = backend;
    this.cell = cell.cell;
    this.name = cell.name;
    this.lan = cell.lan;
    this.lifetimeS = cell.lifetimeS;
  }

  async loadListen(): Promise<void> {
    try {
      const net = await this.#backend.netStatus();
      this.listen = (net.cells.find(({ cell }) => cell === this.cell)?.listen ?? []).map(addressOf);
    } catch (error) {
      this.outcomes.listen = { done: false, kind: kindOf(error) };
    }
  }

  rename(): Promise<boolean> {
    return this.#do("name", () => this.#backend.cellRename(this.cell, this.name.trim()));
  }

  async setLan(on: boolean): Promise<void> {
    this.lan = on;
    if (!(await this.#do("lan", () => this.#backend.cellSetLan(this.cell, on)))) this.lan = !on;
  }

  async setLifetime(seconds: number): Promise<void> {
    const before = this.lifetimeS;
    this.lifetimeS = seconds;
    const set = await this.#do("lifetime", () => this.#backend.cellSetLifetime(this.cell, seconds));
    if (!set) this.lifetimeS = before;
  }

  /** What is left empty stays as it is. */
  async setListen(): Promise<void> {
    const ip = parseIp(this.ip);
    const port = parsePort(this.port);
    this.wrong = null;
    if (this.ip.trim() !== "" && ip === null) this.wrong = "ip";
    else if (this.port.trim() !== "" && port === null) this.wrong = "port";
    else if (await this.#do("listen", () => this.#backend.netSetListen(this.cell, ip, port))) {
      await this.loadListen();
    }
  }

  heal(): Promise<boolean> {
    return this.#do("heal", () => this.#backend.cellHeal(this.cell));
  }

  exportBundle(): Promise<boolean> {
    return this.#do("export", () => this.#backend.bundleExport(this.cell));
  }

  importBundle(): Promise<boolean> {
    return this.#do("import", async () => (await this.#backend.bundleImport())?.envelopes ?? null);
  }

  leave(): Promise<boolean> {
    return this.#do("leave", () => this.#backend.cellLeave(this.cell));
  }

  /** A number that comes back is a count to be told; null from the dialog of the system is a change of mind. */
  async #do(thing: Thing, call: () => Promise<number | null>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = thing;
    this.outcomes = { ...this.outcomes, [thing]: undefined };
    try {
      const count = await call();
      const changedMind = count === null && (thing === "export" || thing === "import");
      if (!changedMind) this.outcomes[thing] = count === null ? { done: true } : { done: true, count };
      return true;
    } catch (error) {
      this.outcomes[thing] = { done: false, kind: kindOf(error) };
      return false;
    } finally {
      this.busy = null;
    }
  }
}
