/** The people of one cell, and what we do about them. Who may do what is decided by the core; its refusals are shown. */
import type { Backend, Cell, Member, Notice, SafetyNumber } from "$lib/backend";
import { ListStore } from "./loading.svelte";

/** From here on silence is pointed out: longer than a weekend away. */
const silentForLongDays = 4;

export class Members extends ListStore<Member> {
  present = $derived(this.list.filter(({ state }) => state === "member" || state === "suspended"));
  former = $derived(this.list.filter(({ state }) => state === "removed" || state === "left"));
  self = $derived(this.list.find(({ isSelf }) => isSelf));
  readonly cell: string;
  readonly #backend: Backend;

  constructor(backend: Backend, cell: string) {
    super(() => backend.cellMembers(cell));
    this.#backend = backend;
    this.cell = cell;
  }

  /** The list is read again when something happened to the people in it. */
  handleNotice(notice: Notice): void {
    if (
      notice.type === "events.missed" ||
      ("cell" in notice && notice.cell === this.cell && aboutPeople(notice))
    ) {
      void this.load();
    }
  }

  nameOf(member: string): string | null {
    return this.list.find(({ member: id }) => id === member)?.name ?? null;
  }

  vouch(member: string): Promise<boolean> {
    return this.#do(() => this.#backend.cellVouch(this.cell, member));
  }

  remove(member: string): Promise<boolean> {
    return this.#do(() => this.#backend.cellRemove(this.cell, member));
  }

  confirmRestored(member: string): Promise<boolean> {
    return this.#do(() => this.#backend.cellConfirmRestored(this.cell, member));
  }

  verify(member: string): Promise<boolean> {
    return this.#do(() => this.#backend.cellVerify(this.cell, member));
  }

  async safetyNumber(member: string): Promise<SafetyNumber | null> {
    let number: SafetyNumber | null = null;
    await this.#do(async () => {
      number = await this.#backend.cellSafetyNumber(this.cell, member);
    });
    return number;
  }

  #do(call: () => Promise<unknown>): Promise<boolean> {
    return this.doings.run(async () => {
      await call();
      await this.load();
    });
  }
}

function aboutPeople({ type }: Notice): boolean {
  return (
    type.startsWith("cell.member") ||
    type.startsWith("peer.") ||
    type === "cell.synced" ||
    type === "cell.removed_us" ||
    type === "cell.warning"
  );
}

export function isSilentForLong({ isSelf, silentDays, state }: Member): boolean {
  return !isSelf && state === "member" && silentDays >= silentForLongDays;
}

/** Whether a removal is decided but not everybody has carried it out. */
export function isUnderWay({ state, removal }: Member): boolean {
  return state === "removed" && removal !== null && removal.applied < removal.of;
}

/** Whether it makes sense to offer a vote against somebody. */
export function canVoteAgainst(member: Member, cell: Cell): boolean {
  return (
    !member.isSelf && cell.state === "member" && (member.state === "member" || member.state === "suspended")
  );
}
