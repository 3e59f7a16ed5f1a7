/**
 * The only door to the Rust side. Everything here comes from the generated bindings; nothing else in the program may
 * import them. Which transport carries the calls (the desktop program, the bridge, the mock) is decided by Vite's mode.
 */
import { commands, events as generated } from "./bindings";
import type { Notice } from "./bindings";

export { commands } from "./bindings";
export type * from "./bindings";

/** What a store is given, so that a test can give it something else. */
export type Backend = typeof commands;

/** What happens by itself. */
export const events = {
  notice: (hear: (notice: Notice) => void) => generated.notice.listen((event) => hear(event.payload)),
};
