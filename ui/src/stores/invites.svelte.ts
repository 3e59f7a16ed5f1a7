/** The invites of one cell; and, for the whole program, who stands at the door and waits for an answer. */
import type { Backend, Invite, NewInvite, Notice } from "$lib/backend";
import type { App } from "./app.svelte";
import { Doings, Listing } from "./loading.svelte";

const hour = 3_600;
/** How long an invite can be good, in seconds. Two days is what the core takes by itself. */
export const lifetimes = [hour, 48 * hour, 7 * 24 * hour] as const;

export type MadeInvite = NewInvite & { expiresAt: string | null };

export class Invites {
  lifetimeS = $state<number>(48 * hour);
  /** The one just made. Its link is shown once; nobody can ask for it again. */
  made = $state.raw<MadeInvite | null>(null);
  readonly cell: string;
  readonly #backend: Backend;
  readonly #listing: Listing<Invite>;
  readonly #doings = new Doings();

  constructor(backend: Backend, cell: string) {
    this.#backend = backend;
    this.cell = cell;
    this.#listing = new Listing(() => backend.cellInvites(cell));
  }

  get list() {
    return this.#listing.items;
  }

  get loaded() {
    return this.#listing.loaded;
  }

  get busy() {
    return this.#doings.busy;
  }

  get failure() {
    return this.#doings.refusal ?? this.#listing.failure;
  }

  async load(): Promise<void> {
    await this.#listing.load();
    // What was made is no use any more once somebody knocked with it, or it was withdrawn.
    const made = this.list.find(({ invite }) => invite === this.made?.invite);
    if (this.made && made && made.state !== "open") this.made = null;
  }

  handleNotice(notice: Notice): void {
    const ours = "cell" in notice && notice.cell === this.cell;
    if (notice.type === "events.missed" || (ours && /^(join|cell\.member_joined)/.test(notice.type))) {
      void this.load();
    }
  }

  async make(): Promise<void> {
    await this.#do(async () => {
      const made = await this.#backend.cellInvite(this.cell, this.lifetimeS);
      await this.load();
      const known = this.list.find(({ invite }) => invite === made.invite);
      this.made = { ...made, expiresAt: known?.expiresAt ?? null };
    });
  }

  async withdraw(invite: string): Promise<boolean> {
    return this.#do(async () => {
      await this.#backend.cellInviteWithdraw(this.cell, invite);
      if (this.made?.invite === invite) this.made = null;
      await this.load();
    });
  }

  async copy(): Promise<boolean> {
    const { made } = this;
    if (!made) return false;
    return this.#do(() => this.#backend.clipboardCopy(made.link, true));
  }

  /** False also if the person changed their mind in the dialog of the system. */
  async save(): Promise<boolean> {
    const { made } = this;
    let saved = false;
    if (made) {
      await this.#do(async () => {
        saved = await this.#backend.inviteSave(made.link);
      });
    }
    return saved;
  }

  #do(call: () => Promise<unknown>): Promise<boolean> {
    return this.#doings.run(call);
  }
}

export type Request = { cell: string; cellName: string; request: string; name: string; phrase: string };

/** Who knocked. One is asked about after the other, in the order in which they came. */
export class Requests {
  waiting = $state.raw<Request[]>([]);
  readonly #backend: Backend;
  readonly #doings = new Doings();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get busy() {
    return this.#doings.busy;
  }

  get failure() {
    return this.#doings.refusal;
  }

  async handleNotice(notice: Notice): Promise<void> {
    if (notice.type === "profile.locked") {
      this.waiting = [];
    } else if (notice.type === "join.requested") {
      const { cell, request, name, phrase } = notice;
      const cellName = await this.#nameOf(cell);
      this.waiting = [...this.waiting, { cell, cellName, request, name, phrase }];
    }
  }

  /** True once the core took the answer. A request that is over by then is put away as well, and told. */
  answer({ cell, request }: Request, accept: boolean): Promise<boolean> {
    return this.#doings.run(async () => {
      await this.#backend.cellConfirmJoin(cell, request, accept);
      this.#forget(request);
    });
  }

  /** After a refusal by the core that cannot be mended. */
  putAway({ request }: Request): void {
    this.#doings.refusal = null;
    this.#forget(request);
  }

  #forget(request: string): void {
    this.waiting = this.waiting.filter((each) => each.request !== request);
  }

  async #nameOf(cell: string): Promise<string> {
    try {
      return (await this.#backend.cellList()).find((each) => each.cell === cell)?.name ?? "";
    } catch {
      return "";
    }
  }
}

const known = new WeakMap<App, Requests>();

/** The one of this program, which hears of every knock, whatever is on the screen. */
export function requestsOf(app: App): Requests {
  let requests = known.get(app);
  if (!requests) {
    const made = new Requests(app.backend);
    app.hear((notice) => void made.handleNotice(notice));
    known.set(app, made);
    requests = made;
  }
  return requests;
}
