/** Moves the focus to the next part of the window: the cells, the messages, the composer, the sheet. */
export function nextRegion(): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter(
    (region) => region.offsetParent,
  );
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + 1) % regions.length];
  // A list has one place that the Tab key reaches; a region without one takes the focus itself.
  const inside =
    next?.querySelector<HTMLElement>('[tabindex="0"]') ??
    next?.querySelector<HTMLElement>('textarea, input, a[href], button:not([tabindex="-1"])');
  (inside ?? next)?.focus();
}
