/**
 * A call on its way into a cell or a channel: a preset, changed, looked at once more with who will see what, and shared.
 * Or one that is there already, changed and shared anew.
 */
import type { Backend, Call, CallText, Preview } from "$lib/backend";
import { wordsOf } from "$lib/calls";
import { Doings, Listing } from "./loading.svelte";

export type Step = "preset" | "edit" | "preview";

/** Where a call goes. */
export type Target = {
  /** What the cell or channel is called. */
  name: string;
  /** How many people in a cell see it, or whoever has the link of a channel. */
  readers: number | "link";
  /** What is to change; a new call without. */
  changed?: Call;
  /** Answers the id of the call, once it is durable. */
  put: (call: Call) => Promise<string>;
};

export class Drafting {
  step = $state<Step>("preset");
  call = $state.raw<Call | null>(null);
  preview = $state.raw<Preview | null>(null);
  blocked = $derived(this.preview?.problems.some(({ severity }) => severity === "error") ?? true);
  readonly #backend: Backend;
  readonly #put: Target["put"];
  readonly #presets: Listing<Call>;
  readonly #doings = new Doings();

  /** From a preset, or of a call that is there already and is to change. */
  constructor(backend: Backend, { put, changed }: Pick<Target, "put" | "changed">) {
    this.#backend = backend;
    this.#put = put;
    this.#presets = new Listing(() => backend.callPresets());
    if (changed) this.choose(changed);
  }

  get presets() {
    return this.#presets.items;
  }

  get failure() {
    return this.#presets.failure ?? this.#doings.refusal;
  }

  get busy() {
    return this.#doings.busy;
  }

  load(): Promise<void> {
    return this.#presets.load();
  }

  /** A cell speaks one language; the others of the preset would not follow what is changed here. */
  choose(preset: Call): void {
    this.call = { ...structuredClone(preset), texts: [structuredClone(wordsOf(preset))] };
    this.step = "edit";
  }

  change(part: Partial<Call>): void {
    if (this.call) this.call = { ...this.call, ...part };
  }

  say(part: Partial<CallText>): void {
    if (this.call) this.change({ texts: [{ ...wordsOf(this.call), ...part }] });
  }

  back(): void {
    this.step = this.step === "preview" ? "edit" : "preset";
  }

  look(): Promise<boolean> {
    return this.#doings.run(async () => {
      if (!this.call) return;
      this.preview = await this.#backend.callPreview(this.call);
      this.step = "preview";
    });
  }

  /** The id of the call, once it is where it was to go. */
  async share(): Promise<string | null> {
    let id: string | null = null;
    await this.#doings.run(async () => {
      if (this.call && !this.blocked) id = await this.#put(this.call);
    });
    return id;
  }
}

/** One line each; empty ones are left out. */
export function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}
