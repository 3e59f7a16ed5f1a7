/**
 * The cells of this profile, with what notices tell about each: who catches up, since when we have the same, what was
 * warned of. The list is read again after every notice that may have changed it, but at most once at a time.
 */
import type { Backend, Cell, Notice } from "$lib/backend";
import { isWarning, kindOf, type ErrorKind, type WarningKind } from "$lib/errors";

/** What is known of the connections of a cell beyond the list. */
export type Link = { catchingUp: boolean; syncedAt: string | null };

export class Cells {
  list = $state.raw<Cell[]>([]);
  loaded = $state(false);
  online = $state(true);
  failure = $state<ErrorKind | null>(null);
  links = $state.raw<ReadonlyMap<string, Link>>(new Map());
  warnings = $state.raw<ReadonlyMap<string, WarningKind[]>>(new Map());
  unread = $derived(this.list.reduce((sum, cell) => sum + cell.unread, 0));
  readonly #backend: Backend;
  #reading: Promise<void> | null = null;
  #again = false;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get(cell: string | null): Cell | undefined {
    return this.list.find((each) => each.cell === cell);
  }

  /** Reads the list; while it is being read, once more afterwards. */
  async load(): Promise<void> {
    if (this.#reading) {
      this.#again = true;
      return this.#reading;
    }
    this.#reading = this.#read();
    await this.#reading;
    this.#reading = null;
  }

  async setOnline(online: boolean): Promise<void> {
    await this.#backend.netSetOnline(online);
    await this.load();
  }

  dismiss(cell: string, kind: WarningKind): void {
    // If that fails, it is there again after the next start.
    this.#backend.cellDismissWarning(cell, kind).catch(() => undefined);
    const kinds = (this.warnings.get(cell) ?? []).filter((each) => each !== kind);
    this.warnings = new Map(this.warnings).set(cell, kinds);
  }

  /** The cell after, or before, the one given; with `unread`, the next that has something new. */
  neighbour(cell: string | null, step: 1 | -1, unread: boolean): string | undefined {
    const count = this.list.length;
    const at = this.list.findIndex((each) => each.cell === cell);
    const start = at === -1 && step === -1 ? count : at;
    for (let moved = 1; moved <= count; moved++) {
      const found = this.list[(((start + step * moved) % count) + count) % count];
      if (found && (!unread || found.unread > 0) && found.cell !== cell) return found.cell;
    }
    return undefined;
  }

  handleNotice(notice: Notice, now = () => new Date().toISOString()): void {
    switch (notice.type) {
      case "peer.connected":
        this.#link(notice.cell, { catchingUp: true });
        break;
      case "peer.disconnected":
        this.#link(notice.cell, { catchingUp: false });
        break;
      case "cell.synced":
        this.#link(notice.cell, { catchingUp: false, syncedAt: now() });
        return;
      case "cell.warning":
        this.#warn(notice.cell, notice.kind);
        break;
      case "message.received":
      case "message.changed":
      case "message.delivered":
      case "cell.removed_us":
      case "cell.member_joined":
      case "cell.member_removed":
      case "cell.joined":
      case "events.missed":
        break;
      case "attachment.progress":
      case "call.received":
      case "call.changed":
      case "call.erased":
      case "call.missed_check_in":
      case "join.requested":
      case "join.phrase":
      case "join.failed":
      case "profile.locked":
        return;
    }
    void this.load();
  }

  async #read(): Promise<void> {
    do {
      this.#again = false;
      try {
        const [list, net] = await Promise.all([this.#backend.cellList(), this.#backend.netStatus()]);
        this.list = sorted(list);
        this.online = net.online;
        if (!this.loaded) await this.#readWarnings();
        this.failure = null;
      } catch (error) {
        this.failure = kindOf(error);
      }
    } while (this.#again);
    this.loaded = true;
  }

  /** What was said before this start and nobody dismissed. */
  async #readWarnings(): Promise<void> {
    const read = async ({ cell }: Cell) => {
      for (const kind of await this.#backend.cellWarnings(cell)) this.#warn(cell, kind);
    };
    await Promise.all(this.list.filter(({ state }) => state !== "damaged").map(read));
  }

  #link(cell: string, part: Partial<Link>): void {
    const before = this.links.get(cell) ?? { catchingUp: false, syncedAt: null };
    this.links = new Map(this.links).set(cell, { ...before, ...part });
  }

  #warn(cell: string, kind: string): void {
    if (!isWarning(kind)) return;
    const kinds = this.warnings.get(cell) ?? [];
    if (!kinds.includes(kind)) this.warnings = new Map(this.warnings).set(cell, [...kinds, kind]);
  }
}

/** Where something was said last comes first; cells that are over come last. */
function sorted(list: Cell[]): Cell[] {
  const rank = ({ state }: Cell) => (state === "removed" || state === "left" ? 1 : 0);
  return [...list].sort(
    (a, b) => rank(a) - rank(b) || (b.last?.sentAt ?? "").localeCompare(a.last?.sentAt ?? ""),
  );
}
