/**
 * Erasing everything, in two deliberate steps, and how it went. There is one for the whole program, so that the outcome
 * stays on the screen when the view below it changes, because the profile is gone.
 *
 *   closed ─ begin ─► asking ─ goOn ─► armed ─ held or pressed twice ─► working ─► done ─► a fresh start
 *                                        ▲                                 └─────► failed ─┐
 *                                        └────────────────── again ────────────────────────┘
 */
import { kindOf, type ErrorKind } from "$lib/errors";
import type { App } from "./app.svelte";

export const holdMs = 2_000;
const tickMs = 50;
/** Two presses count together only so long. */
const pressMs = 6_000;
/** Long enough to read one sentence; there is a button for whoever cannot wait. */
const restartS = 10;

export type ErasureStage = "closed" | "asking" | "armed" | "working" | "done" | "failed";

export class Erasure {
  stage = $state<ErasureStage>("closed");
  /** How long the button was held, in milliseconds. */
  held = $state(0);
  /** It was pressed once. */
  pressed = $state(false);
  /** It was held or pressed, and then not. */
  stopped = $state(false);
  failure = $state<ErrorKind | null>(null);
  folder = $state<string | null>(null);
  secondsLeft = $state(restartS);
  readonly #app: App;
  #holding: ReturnType<typeof setInterval> | undefined;
  #pressing: ReturnType<typeof setTimeout> | undefined;
  #leaving: ReturnType<typeof setInterval> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  begin(): void {
    if (this.stage !== "closed") return;
    this.stage = "asking";
    void this.#findFolder();
  }

  goOn(): void {
    this.#rest();
    this.stopped = false;
    this.stage = "armed";
  }

  /** Nothing was erased, and nothing will be. */
  cancel(): void {
    if (this.stage === "working" || this.stage === "done") return;
    this.#rest();
    this.stopped = false;
    this.stage = "closed";
  }

  hold(): void {
    if (this.stage !== "armed" || this.#holding) return;
    this.stopped = false;
    this.#holding = setInterval(() => {
      this.held += tickMs;
      if (this.held >= holdMs) void this.#erase();
    }, tickMs);
  }

  release(): void {
    if (this.stage !== "armed" || !this.#holding) return;
    this.#rest();
    this.stopped = true;
  }

  /** For keyboards and screen readers, with which holding is hard: once to arm, once more to erase. */
  press(): void {
    if (this.stage !== "armed") return;
    if (this.pressed) {
      void this.#erase();
      return;
    }
    this.stopped = false;
    this.pressed = true;
    this.#pressing = setTimeout(() => {
      this.pressed = false;
      this.stopped = true;
    }, pressMs);
  }

  async restart(): Promise<void> {
    clearInterval(this.#leaving);
    const { backend } = this.#app;
    // Nothing is left to be shown; if it cannot begin afresh, it ends.
    await backend.appRestart().catch(() => backend.appQuit());
  }

  async #erase(): Promise<void> {
    this.#rest();
    this.stage = "working";
    try {
      await this.#app.backend.profileErase();
      this.failure = null;
      this.stage = "done";
      this.#leaveSoon();
    } catch (error) {
      this.failure = kindOf(error);
      this.stage = "failed";
    }
  }

  /** In time, because afterwards nobody may know it any more; and aside, because erasing must wait for nothing. */
  async #findFolder(): Promise<void> {
    try {
      this.folder = (await this.#app.backend.appAbout()).profileFolder;
    } catch {
      this.folder = null;
    }
  }

  #leaveSoon(): void {
    this.secondsLeft = restartS;
    this.#leaving = setInterval(() => {
      this.secondsLeft -= 1;
      if (this.secondsLeft <= 0) void this.restart();
    }, 1_000);
  }

  #rest(): void {
    clearInterval(this.#holding);
    clearTimeout(this.#pressing);
    this.#holding = undefined;
    this.held = 0;
    this.pressed = false;
  }
}

const known = new WeakMap<App, Erasure>();

/** The one of this program. */
export function erasureOf(app: App): Erasure {
  const erasure = known.get(app) ?? new Erasure(app);
  known.set(app, erasure);
  return erasure;
}
