/** One message from close up: who could read it, and who is known to have it. */
import type { Backend, Message, Notice, Reader } from "$lib/backend";
import { kindOf, type ErrorKind } from "$lib/errors";

export class Details {
  readonly cell: string;
  readonly id: string;
  message = $state.raw<Message | null>(null);
  readers = $state.raw<Reader[]>([]);
  failure = $state<ErrorKind | null>(null);
  has = $derived(this.readers.filter(({ has }) => has));
  lacks = $derived(this.readers.filter(({ has }) => !has));
  readonly #backend: Backend;

  constructor(backend: Backend, cell: string, id: string) {
    this.#backend = backend;
    this.cell = cell;
    this.id = id;
  }

  async load(): Promise<void> {
    try {
      const [message, readers] = await Promise.all([
        this.#backend.messageGet(this.cell, this.id),
        this.#backend.messageReaders(this.cell, this.id),
      ]);
      this.message = message;
      this.readers = readers;
      this.failure = null;
    } catch (error) {
      this.failure = kindOf(error);
    }
  }

  handleNotice(notice: Notice): void {
    const about = "message" in notice && notice.message === this.id;
    if (about || notice.type === "events.missed") void this.load();
  }
}
