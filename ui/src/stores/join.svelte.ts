/**
 * Joining with an invite. There is one for the whole program: what goes on does not stop when its page is left.
 *
 *   invite ─ link ─► name ─ join ─► reaching ─► phrase ─► joined
 *     ▲                                │           ├────► failed
 *     └───────── again ────────────────┴─ stop ────┴────► stopped
 *
 * Whoever stops, because the phrases differed or they changed their mind, calls the core back from the join. If we were
 * let in before it heard that, we leave at once.
 */
import type { Backend, Notice } from "$lib/backend";
import { base64OfFile } from "$lib/base64";
import { problemOf, type CodeProblem } from "$lib/codes";
import { kindOf, type ErrorKind } from "$lib/errors";
import type { App } from "./app.svelte";

/** Longer than it takes when the other side is there; then we say what can be looked at. */
const longS = 15;

export type JoinState =
  | { at: "invite" }
  | { at: "name"; link: string }
  | { at: "reaching"; request: string | null }
  | { at: "phrase"; request: string; phrase: string }
  | { at: "joined"; cell: string }
  | { at: "failed"; kind: string }
  | { at: "stopped" };

/** Why something that was given is no invite. */
export type InviteProblem = "broken" | CodeProblem;

export class Joining {
  state = $state.raw<JoinState>({ at: "invite" });
  problem = $state<InviteProblem | null>(null);
  refusal = $state<ErrorKind | null>(null);
  busy = $state(false);
  elapsedS = $state(0);
  /** Its page is on the screen. */
  watched = $state(false);
  isLong = $derived(this.elapsedS >= longS);
  readonly #backend: Backend;
  /** Requests of which nobody wants anything any more. */
  readonly #stopped = new Set<string>();
  /** What was told before `cell.join` answered, because events come first. */
  #early: Notice[] = [];
  #clock: ReturnType<typeof setInterval> | undefined;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** A link that was typed or pasted. Only its beginning can be judged here; the core judges the rest. */
  give(text: string): void {
    const link = text.trim();
    this.problem = null;
    this.refusal = null;
    if (/^vigil:[A-Za-z0-9_=-]+$/.test(link)) this.state = { at: "name", link };
    else this.problem = "broken";
  }

  async openFile(): Promise<void> {
    await this.#try("broken", async () => {
      const link = await this.#backend.inviteOpen();
      if (link !== null) this.give(link);
    });
  }

  async readPicture(picture: File): Promise<void> {
    this.refusal = null;
    this.problem = problemOf(picture);
    if (this.problem) return;
    await this.#try("pictureNone", async () => {
      this.give(await this.#backend.inviteFromPicture(await base64OfFile(picture)));
    });
  }

  async join(displayName: string): Promise<void> {
    if (this.state.at !== "name" || this.busy) return;
    const { link } = this.state;
    this.refusal = null;
    this.busy = true;
    this.#early = [];
    try {
      this.state = { at: "reaching", request: null };
      this.#startClock();
      const request = await this.#backend.cellJoin(link, displayName);
      // Typescript cannot know that somebody may have stopped meanwhile.
      if ((this.state as JoinState).at === "stopped") this.#callBack(request);
      else this.state = { at: "reaching", request };
      for (const notice of this.#early) this.handleNotice(notice);
    } catch (error) {
      this.#stopClock();
      const kind = kindOf(error);
      if (kind === "invite_malformed") {
        this.problem = "broken";
        this.state = { at: "invite" };
      } else {
        this.refusal = kind;
        this.state = { at: "name", link };
      }
    } finally {
      this.#early = [];
      this.busy = false;
    }
  }

  stop(): void {
    if (this.state.at !== "reaching" && this.state.at !== "phrase") return;
    if (this.state.request !== null) this.#callBack(this.state.request);
    this.#stopClock();
    this.state = { at: "stopped" };
  }

  /** With another invite. */
  again(): void {
    this.#stopClock();
    this.problem = null;
    this.refusal = null;
    this.state = { at: "invite" };
  }

  handleNotice(notice: Notice): void {
    switch (notice.type) {
      case "join.phrase":
      case "cell.joined":
      case "join.failed":
        if (this.#stopped.has(notice.request)) this.#handleUnwanted(notice);
        else if (this.#request === notice.request) this.#handleWanted(notice);
        else if (this.busy) this.#early.push(notice);
        return;
      case "profile.locked":
        this.again();
        return;
      default:
        return;
    }
  }

  get #request(): string | null {
    return this.state.at === "reaching" || this.state.at === "phrase" ? this.state.request : null;
  }

  #handleWanted(notice: JoinNotice): void {
    if (notice.type === "join.phrase") {
      this.state = { at: "phrase", request: notice.request, phrase: notice.phrase };
      return;
    }
    this.#stopClock();
    this.state =
      notice.type === "cell.joined"
        ? { at: "joined", cell: notice.cell }
        : { at: "failed", kind: notice.kind };
  }

  #callBack(request: string): void {
    this.#stopped.add(request);
    // It is refused only if the join is over: then we are told how it ended.
    this.#backend.cellCancelJoin(request).catch(() => undefined);
  }

  #handleUnwanted(notice: JoinNotice): void {
    if (notice.type === "join.phrase") return;
    this.#stopped.delete(notice.request);
    // If even that fails, the cell is in the list, and can be left there.
    if (notice.type === "cell.joined") this.#backend.cellLeave(notice.cell).catch(() => undefined);
  }

  #startClock(): void {
    this.#stopClock();
    this.elapsedS = 0;
    this.#clock = setInterval(() => (this.elapsedS += 1), 1_000);
  }

  #stopClock(): void {
    clearInterval(this.#clock);
  }

  async #try(problem: InviteProblem, call: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = null;
    this.refusal = null;
    try {
      await call();
    } catch (error) {
      const kind = kindOf(error);
      if (kind === "invite_malformed" || kind === "invalid_params") this.problem = problem;
      else this.refusal = kind;
    } finally {
      this.busy = false;
    }
  }
}

type JoinNotice = Extract<Notice, { type: "join.phrase" | "cell.joined" | "join.failed" }>;

const known = new WeakMap<App, Joining>();

/** The one of this program. */
export function joiningOf(app: App): Joining {
  let joining = known.get(app);
  if (!joining) {
    const made = new Joining(app.backend);
    app.hear((notice) => made.handleNotice(notice));
    known.set(app, made);
    joining = made;
  }
  return joining;
}
