/** Puts a popover beside its anchor (below it, or above where there is no room), inside the window. */
export function place(popover: HTMLElement, anchor: HTMLElement | { x: number; y: number }): void {
  const gap = 4;
  const margin = 8;
  const at =
    anchor instanceof HTMLElement ? anchor.getBoundingClientRect() : new DOMRect(anchor.x, anchor.y, 0, 0);
  const { width, height } = popover.getBoundingClientRect();
  const rtl = document.documentElement.dir === "rtl";
  const endsAtAnchor = at.left + width + margin > innerWidth;
  const wanted = rtl || endsAtAnchor ? at.right - width : at.left;
  const left = Math.max(margin, Math.min(wanted, innerWidth - width - margin));
  const below = at.bottom + gap;
  const top = below + height + margin > innerHeight ? Math.max(margin, at.top - gap - height) : below;
  // Through the object model: a style attribute would be refused by the content security policy.
  popover.style.left = `${String(left)}px`;
  popover.style.top = `${String(top)}px`;
}

/** Once what changed was drawn. */
export function frame(): Promise<unknown> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}
