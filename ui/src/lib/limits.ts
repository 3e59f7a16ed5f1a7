/** Limits of docs/RPC.md that are told before something is sent. The Rust side holds them; this only warns in time. */

/** Bytes of a message: 16 KiB. */
export const textMax = 16 * 1024;
/** From here on it is said how much is left. */
export const textNear = textMax - 1024;
/** Bytes of a file: 5 MiB, or 25 MiB where members meet in one local network. */
export const fileMax = { far: 5 * 1024 * 1024, lan: 25 * 1024 * 1024 };
/** Bytes of a name. */
export const nameMax = 96;

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
