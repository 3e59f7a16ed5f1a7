/**
 * The commands and shapes of attachments, until the generated bindings have them. Whoever wants to attach asks
 * `canAttach` first; without the commands nothing of it is shown.
 */
import { invoke } from "@tauri-apps/api/core";
import { commands } from "./bindings";

/** What one message carries besides its text. Its id is the id of the message. */
export type Attachment = {
  attachment: string;
  kind: "image" | "file";
  name: string;
  /** Bytes. */
  size: number;
  /** Of an image, as its author says, so that it has its room before it is here. */
  width: number | null;
  height: number | null;
  /** Whole here; being given; asked for, and nobody who has it can be reached; not asked for. */
  state: "here" | "coming" | "waiting" | "offered";
  /** Pieces here, of all. */
  have: number;
  of: number;
};

/** A file that was chosen and not yet sent. */
export type Picked = {
  token: string;
  name: string;
  size: number;
  kind: "image" | "file";
  mayCarryMetadata: boolean;
};

export type SentAttachment = { message: string };
export type Picture = { media: string; data: string; width: number; height: number };

export type AttachmentCommands = {
  /** Shows the dialog of the system; null if the person changed their mind. */
  attachmentPick: (cell: string) => Promise<Picked | null>;
  /** What was pasted or dropped, in base64. */
  attachmentOffer: (name: string, bytes: string) => Promise<Picked>;
  /** Forgets one that was picked and not sent. */
  attachmentDrop: (token: string) => Promise<null>;
  attachmentSend: (
    cell: string,
    token: string,
    text: string | null,
    replyTo: string | null,
    asFile: boolean,
  ) => Promise<SentAttachment>;
  attachmentFetch: (attachment: string) => Promise<null>;
  /** Stops, and forgets the pieces that came. */
  attachmentCancel: (attachment: string) => Promise<null>;
  /** Shows the dialog of the system; false if the person changed their mind. */
  attachmentSave: (attachment: string) => Promise<boolean>;
  attachmentImage: (attachment: string, longest: number | null) => Promise<Picture>;
};

export const attachmentCommands: AttachmentCommands = {
  attachmentPick: (cell) => invoke("attachment_pick", { cell }),
  attachmentOffer: (name, bytes) => invoke("attachment_offer", { name, bytes }),
  attachmentDrop: (token) => invoke("attachment_drop", { token }),
  attachmentSend: (cell, token, text, replyTo, asFile) =>
    invoke("attachment_send", { cell, token, text, replyTo, asFile }),
  attachmentFetch: (attachment) => invoke("attachment_fetch", { attachment }),
  attachmentCancel: (attachment) => invoke("attachment_cancel", { attachment }),
  attachmentSave: (attachment) => invoke("attachment_save", { attachment }),
  attachmentImage: (attachment, longest) => invoke("attachment_image", { attachment, longest }),
};

/** Whether the Rust side knows the commands: the generated bindings say so, and the mock does. */
export const canAttach = import.meta.env.MODE === "mock" || "attachmentPick" in commands;
