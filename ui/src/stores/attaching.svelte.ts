/**
 * The one file that goes with what is being written. The page learns no path: it is given a name, a size and a token by
 * the dialog of the system, or hands over bytes that were pasted or dropped.
 */
import type { Backend, Picked } from "$lib/backend";
import { base64OfFile } from "$lib/base64";
import { kindOf, type ErrorKind } from "$lib/errors";
import { fileMax } from "$lib/limits";

export class Attaching {
  picked = $state.raw<Picked | null>(null);
  /** Of a picture that was pasted or dropped, to be recognised by; one that was picked has none. */
  preview = $state<string | null>(null);
  /** A file that is being taken in: its name. */
  reading = $state<string | null>(null);
  failure = $state<ErrorKind | null>(null);
  /** It is being sent, and the person has asked for it to be stopped. */
  stopping = $state(false);
  /** A picture that goes as it is, because it could not be cleaned. */
  asFile = $state(false);
  warns = $derived(this.picked !== null && (this.picked.mayCarryMetadata || this.asFile));
  readonly #backend: Backend;
  readonly #cell: string;
  #turn = 0;

  constructor(backend: Backend, cell: string) {
    this.#backend = backend;
    this.#cell = cell;
  }

  /** By the dialog of the system. */
  async pick(): Promise<void> {
    await this.#take(null, () => this.#backend.attachmentPick(this.#cell));
  }

  /** What was pasted or dropped. Its size is told before anything of it is read. */
  async offer(file: File, lan: boolean): Promise<void> {
    if (file.size > (lan ? fileMax.lan : fileMax.far)) {
      this.failure = "attachment_too_large";
      return;
    }
    await this.#take(file.name, async () =>
      this.#backend.attachmentOffer(file.name, await base64OfFile(file)),
    );
    if (this.picked?.kind === "image" && this.picked.size <= fileMax.far) {
      this.preview = URL.createObjectURL(file);
    }
  }

  /** Takes it off again, also while it is being read. */
  async drop(): Promise<void> {
    const { picked } = this;
    this.#clear();
    if (picked) await this.#forget(picked);
  }

  async send(text: string, replyTo: string | null): Promise<void> {
    const { picked, asFile } = this;
    if (!picked) return;
    try {
      await this.#backend.attachmentSend(
        this.#cell,
        picked.token,
        text === "" ? null : text,
        replyTo,
        asFile,
      );
    } catch (error) {
      // What was stopped is taken off; what was refused may have to go in another way.
      if (kindOf(error) === "cancelled") this.#clear();
      else this.failure = kindOf(error);
      throw error;
    } finally {
      this.stopping = false;
    }
    this.#clear();
  }

  /** Stops sending it: `send` rejects with `cancelled`, unless all of it was taken in already. */
  async stop(): Promise<void> {
    if (!this.picked || this.stopping) return;
    this.stopping = true;
    await this.#forget(this.picked);
  }

  dismiss(): void {
    this.failure = null;
  }

  async #take(name: string | null, read: () => Promise<Picked | null>): Promise<void> {
    const before = this.picked;
    const turn = ++this.#turn;
    this.failure = null;
    this.reading = name;
    try {
      const picked = await read();
      // Whoever took it off, or chose another one, meanwhile does not get this one.
      if (turn !== this.#turn) {
        if (picked) await this.#forget(picked);
        return;
      }
      this.reading = null;
      if (!picked) return;
      this.#clear();
      this.picked = picked;
      if (before) await this.#forget(before);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.reading = null;
      this.failure = kindOf(error);
    }
  }

  #clear(): void {
    this.#turn++;
    if (this.preview) URL.revokeObjectURL(this.preview);
    this.picked = this.preview = this.reading = this.failure = null;
    this.asFile = false;
  }

  async #forget({ token }: Picked): Promise<void> {
    try {
      await this.#backend.attachmentDrop(token);
    } catch {
      // It goes with the window at the latest.
    }
  }
}
