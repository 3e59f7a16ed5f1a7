/** Founding a cell: its name, ours in it, and which protection it has for ever. */
import type { Backend, Suite } from "$lib/backend";
import { kindOf, type ErrorKind } from "$lib/errors";

export class Founding {
  name = $state("");
  displayName = $state("");
  suite = $state<Suite>("xwing");
  busy = $state(false);
  /** Why the core refused, and on account of which of the two names, as far as it can be known. */
  failure = $state<{ kind: ErrorKind; of: "name" | "displayName" | null } | null>(null);
  readonly #backend: Backend;

  constructor(backend: Backend, suggestion: string) {
    this.#backend = backend;
    this.displayName = suggestion;
  }

  /** The id of the new cell, or null if there is none. */
  async found(): Promise<string | null> {
    const empty = this.name.trim() === "" ? "name" : this.displayName.trim() === "" ? "displayName" : null;
    if (empty) {
      this.failure = { kind: "text_empty", of: empty };
      return null;
    }
    this.busy = true;
    this.failure = null;
    try {
      return await this.#backend.cellCreate(this.name.trim(), this.displayName.trim(), this.suite, null);
    } catch (error) {
      this.failure = { kind: kindOf(error), of: null };
      return null;
    } finally {
      this.busy = false;
    }
  }
}
