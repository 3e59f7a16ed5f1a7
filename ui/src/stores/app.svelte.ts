/**
 * The program as a whole: which window this is, whether there is a profile and whether it is open, the settings, and
 * the notices of the Rust side, heard once here and handed on to whoever asked.
 */
import { createContext } from "svelte";
import {
  commands,
  events,
  type Backend,
  type Notice,
  type ProfileState,
  type Role,
  type Settings,
} from "$lib/backend";
import { kindOf, type ErrorKind } from "$lib/errors";
import { i18n } from "$lib/i18n";
import { look } from "$lib/look.svelte";

/** What holds until the profile is open: settings are sealed in it. */
export const settingsBefore: Settings = {
  language: "system",
  theme: "system",
  textSize: 100,
  reduceMotion: false,
  blurPreviews: true,
  lockAfterS: 120,
  lockOnSuspend: true,
  notifications: "contentFree",
};

type Hear = (notice: Notice) => void;

export class App {
  role = $state<Role>("single");
  profile = $state<ProfileState>("locked");
  settings = $state.raw<Settings>(settingsBefore);
  ready = $state(false);
  failure = $state<ErrorKind | null>(null);
  readonly backend: Backend;
  #listeners = new Set<Hear>();
  #unsaved = new Set<() => Promise<void>>();

  constructor(backend: Backend = commands) {
    this.backend = backend;
  }

  /** Before anything is shown. */
  async start(): Promise<void> {
    try {
      this.#wear(settingsBefore);
      await i18n.use("system");
      this.role = await this.backend.appRole();
      // The door may not hear what happens in a profile.
      if (this.role !== "door") await events.notice((notice) => this.#handleNotice(notice));
      await this.refresh();
    } catch (error) {
      this.failure = kindOf(error);
    }
    this.ready = true;
  }

  /** Asks whether the profile is open. The door calls it after it opened one. */
  async refresh(): Promise<void> {
    const profile = await this.backend.profileStatus();
    if (profile === "open" && this.role !== "door") {
      this.settings = await this.backend.settingsGet();
      this.#wear(this.settings);
      await i18n.use(this.settings.language);
    }
    this.profile = profile;
  }

  /** Shows at once what was chosen, keeps it, and goes back if it could not be kept. */
  async change(part: Partial<Settings>): Promise<void> {
    const before = this.settings;
    const after = { ...before, ...part };
    await this.#show(after);
    try {
      await this.backend.settingsSet(after);
    } catch (error) {
      await this.#show(before);
      throw error;
    }
  }

  async lock(): Promise<void> {
    await Promise.all([...this.#unsaved].map((save) => save()));
    await this.backend.profileLock();
    await this.refresh();
  }

  /** What `save` keeps is kept before a lock; gives what ends that. */
  beforeLock(save: () => Promise<void>): () => void {
    this.#unsaved.add(save);
    return () => this.#unsaved.delete(save);
  }

  /** Calls `hear` with every notice from now on; gives what ends that. */
  hear(hear: Hear): () => void {
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }

  async #show(settings: Settings): Promise<void> {
    this.settings = settings;
    this.#wear(settings);
    await i18n.use(settings.language);
  }

  #wear(settings: Settings): void {
    look.wear(settings);
  }

  #handleNotice(notice: Notice): void {
    // In the desktop program the window is gone by then; in the browser this takes everything off the screen.
    if (notice.type === "profile.locked") this.profile = "locked";
    for (const hear of this.#listeners) hear(notice);
  }
}

export const [getApp, setApp] = createContext<App>();
