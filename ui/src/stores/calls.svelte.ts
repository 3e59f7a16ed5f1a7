/** The action calls of one cell: what they ask for, who answers what, and who has not come home. */
import type { Answer, Backend, Call, CallPaper, Cell, CellCall, Notice } from "$lib/backend";
import type { Target } from "./drafting.svelte";
import { ListStore } from "./loading.svelte";

/** Somebody who is in and has not said that they are home, past the time. */
export type Missing = { call: CellCall; member: string; asked: boolean };

export class Calls extends ListStore<CellCall> {
  readonly cell: string;
  readonly #backend: Backend;
  readonly #self: () => string | null;
  /** Cancelled first, as the core orders them. */
  called = $derived.by(() => this.list.filter(({ cancelled }) => cancelled));
  on = $derived.by(() => this.list.filter(({ cancelled }) => !cancelled));
  /** What we said we take part in, whose time has come, and where we have not said that we are home. */
  awaiting = $derived.by(() => this.list.find((call) => this.isAway(call)));
  /** Also of a call that was called off while they were out. */
  missing = $derived.by((): Missing[] =>
    this.list.flatMap((call) =>
      call.checkIns
        .filter(({ member, state }) => member !== this.self && (state === "missed" || state === "asked"))
        .filter(({ member, state }) => state === "missed" || this.isBuddyOf(call, member))
        .map(({ member, state }) => ({ call, member, asked: state === "asked" })),
    ),
  );

  constructor(backend: Backend, cell: string, self: () => string | null) {
    super(() => backend.callList(cell));
    this.#backend = backend;
    this.cell = cell;
    this.#self = self;
  }

  /** Who we are in this cell. */
  get self() {
    return this.#self();
  }

  get(call: string | undefined): CellCall | undefined {
    return this.list.find((each) => each.call === call);
  }

  /** Whether we went and have not said that we are home; before the planned time nobody has gone yet. */
  isAway({ cancelled, plan, checkIns }: CellCall, now = Date.now()): boolean {
    const mine = checkIns.find(({ member }) => member === this.self);
    if (!mine || mine.state === "home") return false;
    if (mine.out || mine.state !== "expected") return true;
    return !cancelled && plan.time !== null && Date.parse(plan.time) <= now;
  }

  /** Whether somebody is waited for, whatever became of the call and its time since they went. */
  isAwaited({ checkIns }: CellCall): boolean {
    return checkIns.some(({ out, state }) => out || state === "asked" || state === "missed");
  }

  isBuddyOf(call: CellCall, member: string): boolean {
    return call.buddies.some((each) => each.member === member && each.buddy === this.self);
  }

  handleNotice(notice: Notice): void {
    const ours = "cell" in notice && notice.cell === this.cell;
    if (notice.type === "events.missed" || (ours && notice.type.startsWith("call."))) void this.load();
  }

  answer({ call }: CellCall, answer: Answer): Promise<boolean> {
    return this.#do(() => this.#backend.callAnswer(this.cell, call, answer));
  }

  takeRole({ call }: CellCall, role: string): Promise<boolean> {
    return this.#do(() => this.#backend.callTakeRole(this.cell, call, role));
  }

  leaveRole({ call }: CellCall, role: string): Promise<boolean> {
    return this.#do(() => this.#backend.callLeaveRole(this.cell, call, role));
  }

  setPlan({ call }: CellCall, place: string, time: string): Promise<boolean> {
    return this.#do(() => this.#backend.callSetPlan(this.cell, call, place.trim(), rfc3339(time)));
  }

  tick({ call }: CellCall, item: string, done: boolean): Promise<boolean> {
    return this.#do(() => this.#backend.callTick(this.cell, call, item, done));
  }

  setBuddy({ call }: CellCall, member: string | null): Promise<boolean> {
    return this.#do(() => this.#backend.callSetBuddy(this.cell, call, member));
  }

  checkIn({ call }: CellCall): Promise<boolean> {
    return this.#do(() => this.#backend.callCheckIn(this.cell, call));
  }

  presumeArrest({ call }: CellCall, member: string): Promise<boolean> {
    return this.#do(() => this.#backend.callPresumeArrest(this.cell, call, member));
  }

  takeBackPresumption({ call }: CellCall, member: string): Promise<boolean> {
    return this.#do(() => this.#backend.callTakeBackPresumption(this.cell, call, member));
  }

  /** A new call, for everybody in the cell. */
  sharing({ name, members }: Pick<Cell, "name" | "members">): Target {
    return { name, readers: members, put: (call) => this.#backend.callShare(this.cell, call) };
  }

  /** A call of ours that says something else from then on. */
  changing({ call, object }: CellCall, { name, members }: Pick<Cell, "name" | "members">): Target {
    const put = async (changed: Call) => {
      await this.#backend.callUpdate(this.cell, call, changed);
      return call;
    };
    return { name, readers: members, changed: object, put };
  }

  renewKeys(): Promise<boolean> {
    return this.#do(() => this.#backend.cellHeal(this.cell));
  }

  cancel({ call }: CellCall, reason: string): Promise<boolean> {
    return this.#do(() => this.#backend.callCancel(this.cell, call, reason.trim()));
  }

  /** Shows the cell that the channel of a call has called it off. */
  showOff({ call }: CellCall): Promise<boolean> {
    return this.#do(() => this.#backend.channelShowCallOff(this.cell, call));
  }

  saveCard({ call }: CellCall, language: string): Promise<boolean> {
    return this.#save(() => this.#backend.callLegalCard(this.cell, call, language));
  }

  savePrint({ call }: CellCall, paper: CallPaper, language: string): Promise<boolean> {
    return this.#save(() => this.#backend.callPrint(this.cell, call, paper, language));
  }

  saveEntry({ call }: CellCall, language: string): Promise<boolean> {
    return this.#save(() => this.#backend.callExportIcs(this.cell, call, language));
  }

  /** False also if the person changed their mind in the dialog of the system. */
  async #save(write: () => Promise<boolean>): Promise<boolean> {
    let saved = false;
    await this.doings.run(async () => {
      saved = await write();
    });
    return saved;
  }

  #do(call: () => Promise<unknown>): Promise<boolean> {
    return this.doings.run(async () => {
      await call();
      await this.load();
    });
  }
}

/** What a field for a local time holds, as a moment. */
export function rfc3339(local: string): string {
  const time = new Date(local);
  return local === "" || Number.isNaN(time.getTime()) ? "" : time.toISOString().replace(/\.\d+Z$/, "Z");
}

/** A moment, as a field for a local time takes it. */
export function localOf(time: string | null): string {
  if (!time) return "";
  const date = new Date(time);
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
