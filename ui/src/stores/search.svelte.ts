/** A search in one cell or in all: asks a moment after the last key, and shows only the answer to the last question. */
import type { Backend, Hit } from "$lib/backend";
import { kindOf, type ErrorKind } from "$lib/errors";

const restMs = 200;
const limit = 100;

export class Search {
  /** Null is everywhere. */
  readonly cell: string | null;
  text = $state("");
  hits = $state.raw<Hit[]>([]);
  /** The text that `hits` answer; empty before the first answer. */
  answered = $state("");
  failure = $state<ErrorKind | null>(null);
  readonly #backend: Backend;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(backend: Backend, cell: string | null) {
    this.#backend = backend;
    this.cell = cell;
  }

  type(text: string): void {
    this.text = text;
    clearTimeout(this.#timer);
    if (text.trim() === "") {
      this.hits = [];
      this.answered = "";
    } else {
      this.#timer = setTimeout(() => void this.#ask(text), restMs);
    }
  }

  /** There may be more hits than are shown. */
  get full(): boolean {
    return this.hits.length >= limit;
  }

  async #ask(text: string): Promise<void> {
    try {
      const hits = await this.#backend.messageSearch(this.cell, text.trim(), limit);
      if (text !== this.text) return;
      this.hits = hits;
      this.answered = text;
      this.failure = null;
    } catch (error) {
      this.failure = kindOf(error);
    }
  }
}
