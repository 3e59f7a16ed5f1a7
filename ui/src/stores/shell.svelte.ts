/** Where one is in the main window: which cell or page, which panel beside the conversation, which dialog above all. */
export type Panel =
  | { name: "Members" | "Invites" | "CellSettings"; cell: string }
  | { name: "Calls"; cell: string; call?: string }
  | { name: "details"; cell: string; message: string }
  | { name: "search"; cell: string | null };
/** What stands where a conversation would. */
export type Page = "Settings" | "Join" | "FirstCell" | "Channels";
export type Modal = "switch" | "shortcuts";

export class Shell {
  cell = $state<string | null>(null);
  /** The cell that was open before there was none. */
  last = $state<string | null>(null);
  page = $state<Page | null>(null);
  panel = $state.raw<Panel | null>(null);
  modal = $state<Modal | null>(null);
  /** A message to show once the conversation is there; a new object each time. */
  jump = $state.raw<{ cell: string; message: string } | null>(null);

  /** Opening another cell closes what belonged to the one before. */
  select(cell: string | null): void {
    this.page = null;
    if (cell === this.cell) return;
    this.last = cell ?? this.cell;
    this.cell = cell;
    this.jump = null;
    const keeps = this.panel?.name === "search" && this.panel.cell === null;
    if (!keeps) this.panel = null;
  }

  goTo(cell: string, message: string): void {
    this.select(cell);
    this.jump = { cell, message };
  }

  turnTo(page: Page): void {
    this.page = page;
    this.panel = null;
  }

  /** Back to what was there before the page. */
  leavePage(): void {
    this.page = null;
  }

  /** The same panel twice closes it. */
  toggle(panel: Panel): void {
    this.panel = this.panel?.name === panel.name && this.panel.cell === panel.cell ? null : panel;
  }

  show(panel: Panel): void {
    this.panel = panel;
  }

  closePanel(): void {
    this.panel = null;
  }

  open(modal: Modal): void {
    this.modal = modal;
  }

  closeModal(): void {
    this.modal = null;
  }
}
