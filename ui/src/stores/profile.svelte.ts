/**
 * The door: the first run, which ends with a new profile, and unlocking. What was typed is forgotten as soon as it was
 * handed over.
 */
import { kindOf, type ErrorKind } from "$lib/errors";
import type { Settings, Strength } from "$lib/backend";
import { i18n } from "$lib/i18n";
import type { App } from "./app.svelte";

/** The language at the door. Nothing is kept of it outside of a profile. */
export class DoorLanguage {
  chosen = $state<Settings["language"]>("system");

  async choose(language: Settings["language"]): Promise<void> {
    this.chosen = language;
    await i18n.use(language);
  }
}

/** The last thing at the door: in a window of its own, the shell opens the main window and closes this one. */
async function goIn(app: App, opening: () => void): Promise<void> {
  opening();
  if (app.role !== "door") await app.refresh();
}

export type FirstRunStep = "welcome" | "words" | "check" | "own" | "making" | "opening";

export class FirstRun {
  step = $state<FirstRunStep>("welcome");
  words = $state.raw<string[]>([]);
  /** Which two words are asked back, counted from one, in order. */
  asked = $state.raw<[number, number]>([1, 2]);
  /** The asked words that were typed wrong last time. */
  wrong = $state.raw<number[]>([]);
  strength = $state.raw<Strength | null>(null);
  failure = $state<ErrorKind | null>(null);
  readonly #app: App;
  readonly #language: DoorLanguage;
  #cameFrom: "check" | "own" = "check";
  #judged = 0;

  constructor(app: App, language = new DoorLanguage()) {
    this.#app = app;
    this.#language = language;
  }

  async makeWords(): Promise<void> {
    this.failure = null;
    this.step = "words";
    try {
      const passphrase = await this.#app.backend.profileGeneratePassphrase();
      this.words = passphrase.split(" ");
      this.asked = twoOf(this.words.length);
    } catch (error) {
      this.words = [];
      this.failure = kindOf(error);
    }
  }

  showWords(): void {
    this.wrong = [];
    this.step = "words";
  }

  askBack(): void {
    this.wrong = [];
    this.asked = twoOf(this.words.length);
    this.step = "check";
  }

  chooseOwn(): void {
    this.failure = null;
    this.strength = null;
    this.words = [];
    this.step = "own";
  }

  back(): void {
    this.failure = null;
    this.words = [];
    this.step = "welcome";
  }

  async check(typed: [string, string]): Promise<void> {
    this.wrong = this.asked.filter((position, at) => !same(typed[at] ?? "", this.words[position - 1] ?? ""));
    if (this.wrong.length > 0) return;
    this.#cameFrom = "check";
    await this.#create(this.words.join(" "));
  }

  /** What is judged last counts, whatever order the answers come in. */
  async judge(passphrase: string): Promise<void> {
    const mine = ++this.#judged;
    if (passphrase === "") {
      this.strength = null;
      return;
    }
    try {
      const strength = await this.#app.backend.passphraseStrength(passphrase);
      if (mine === this.#judged) this.strength = strength;
    } catch (error) {
      if (mine === this.#judged) this.failure = kindOf(error);
    }
  }

  async useOwn(passphrase: string): Promise<void> {
    this.#cameFrom = "own";
    await this.#create(passphrase);
  }

  async #create(passphrase: string): Promise<void> {
    this.failure = null;
    this.step = "making";
    try {
      await this.#app.backend.profileCreate(passphrase, this.#language.chosen);
      this.words = [];
      await goIn(this.#app, () => (this.step = "opening"));
    } catch (error) {
      this.failure = kindOf(error);
      this.step = this.#cameFrom;
    }
  }
}

export type UnlockState =
  { at: "asking"; refused: ErrorKind | null } | { at: "working" } | { at: "rolledBack" } | { at: "opening" };

export class Unlock {
  state = $state.raw<UnlockState>({ at: "asking", refused: null });
  /** Where everything is, once it matters because it is damaged. */
  folder = $state<string | null>(null);
  readonly #app: App;
  /** Kept only while the question of an older state is on the screen. */
  #passphrase = "";

  constructor(app: App) {
    this.#app = app;
  }

  async try(passphrase: string): Promise<void> {
    await this.#unlock(passphrase, false);
  }

  /** The person says that they put the older state back themselves. */
  async acceptRollback(): Promise<void> {
    const passphrase = this.#passphrase;
    this.#passphrase = "";
    await this.#unlock(passphrase, true);
  }

  declineRollback(): void {
    this.#passphrase = "";
    this.state = { at: "asking", refused: null };
  }

  async #unlock(passphrase: string, acceptRollback: boolean): Promise<void> {
    if (this.state.at === "working") return;
    this.state = { at: "working" };
    try {
      await this.#app.backend.profileUnlock(passphrase, acceptRollback);
      await goIn(this.#app, () => (this.state = { at: "opening" }));
    } catch (error) {
      const kind = kindOf(error);
      if (kind === "rolled_back" && !acceptRollback) {
        this.#passphrase = passphrase;
        this.state = { at: "rolledBack" };
      } else {
        this.state = { at: "asking", refused: kind };
        if (kind === "storage_damaged") await this.#findFolder();
      }
    }
  }

  async #findFolder(): Promise<void> {
    try {
      this.folder = (await this.#app.backend.appAbout()).profileFolder;
    } catch {
      this.folder = null;
    }
  }
}

/** Two different positions from one to `count`, in order, by the random numbers of the system. */
function twoOf(count: number): [number, number] {
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint32Array(2));
  const first = a % count;
  const second = (first + 1 + (b % (count - 1))) % count;
  return first < second ? [first + 1, second + 1] : [second + 1, first + 1];
}

function same(typed: string, word: string): boolean {
  return typed.trim().toLowerCase() === word.toLowerCase();
}
