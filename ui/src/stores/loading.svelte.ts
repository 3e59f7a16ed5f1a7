/** What several stores have in common: a list that is read whole, and commands that are given one at a time. */
import { kindOf, type ErrorKind } from "$lib/errors";

/** A list that is read again after each notice that may have changed it. An older one stays when reading fails. */
export class Listing<T> {
  items = $state.raw<T[]>([]);
  loaded = $state(false);
  failure = $state<ErrorKind | null>(null);
  readonly #read: () => Promise<T[]>;

  constructor(read: () => Promise<T[]>) {
    this.#read = read;
  }

  async load(): Promise<void> {
    try {
      this.items = await this.#read();
      this.failure = null;
    } catch (error) {
      this.failure = kindOf(error);
    }
    this.loaded = true;
  }
}

/** What is being done, and why the last thing that was done was refused. */
export class Doings {
  busy = $state(false);
  refusal = $state<ErrorKind | null>(null);

  /** True once it was done. */
  async run(call: () => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    this.refusal = null;
    try {
      await call();
      return true;
    } catch (error) {
      this.refusal = kindOf(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

/** A list of the core's, and what is done about it. */
export class ListStore<T> {
  protected readonly doings = new Doings();
  readonly #listing: Listing<T>;

  constructor(read: () => Promise<T[]>) {
    this.#listing = new Listing(read);
  }

  get list() {
    return this.#listing.items;
  }

  get loaded() {
    return this.#listing.loaded;
  }

  get failure() {
    return this.#listing.failure;
  }

  get busy() {
    return this.doings.busy;
  }

  /** Why the last thing that was done was refused. */
  get refusal() {
    return this.doings.refusal;
  }

  /** What was refused before is not said of the next thing that one begins. */
  forgetRefusal(): void {
    this.doings.refusal = null;
  }

  load(): Promise<void> {
    return this.#listing.load();
  }
}
