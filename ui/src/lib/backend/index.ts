/**
 * The only door to the Rust side. Everything here comes from the generated bindings; nothing else in the program may
 * import them. Which transport carries the calls (the desktop program, the bridge, the mock) is decided by Vite's mode.
 */
import { attachmentCommands, type Attachment, type AttachmentCommands } from "./attachments";
import * as generated from "./bindings";

export type * from "./bindings";
export type { Attachment, AttachmentCommands, Picked, Picture } from "./attachments";
export type * from "./calls";
export { canAttach } from "./attachments";

/** What the bindings of a core with attachments say of a message, too. */
type Carries = { attachment?: Attachment | null; deleted?: boolean };
export type Message = generated.Message & Carries;
export type Page = Omit<generated.Page, "messages"> & { messages: Message[] };
export type Notice =
  | generated.Notice
  | { type: "attachment.progress"; cell: string; attachment: string; have: number; of: number };

/** What a store is given, so that a test can give it something else. */
export type Backend = typeof generated.commands & AttachmentCommands;

export const commands: Backend = { ...attachmentCommands, ...generated.commands };

/** What happens by itself. */
export const events = {
  notice: (hear: (notice: Notice) => void) => generated.events.notice.listen((event) => hear(event.payload)),
};
