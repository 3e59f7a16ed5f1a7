/**
 * What is said without moving the focus: toasts, which are also seen, and announcements, which are only heard. Both are
 * spoken by the one LiveRegion at the root, because a region must be there before its text is.
 */
export type Toast = { id: number; text: string; tone: "neutral" | "danger" };

class Announcer {
  polite = $state("");
  toasts = $state<Toast[]>([]);
  #next = 0;

  /** Only for those who cannot see it happen. */
  say(text: string): void {
    // The same text twice is not spoken twice; a no-break space makes it another one.
    this.polite = this.polite === text ? `${text}\u00a0` : text;
  }

  toast(text: string, tone: Toast["tone"] = "neutral"): void {
    const id = this.#next++;
    this.toasts = [...this.toasts.slice(-2), { id, text, tone }];
    this.say(text);
    setTimeout(() => this.dismiss(id), tone === "danger" ? 10_000 : 5_000);
  }

  dismiss(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }
}

export const announcer = new Announcer();
