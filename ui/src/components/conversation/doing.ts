import type { Attachment, Message } from "$lib/backend";

/** What can be done with a message. The view carries it out; what is drawn only asks. */
export type Doing = {
  reply: (message: Message) => void;
  edit: (message: Message) => void;
  react: (message: Message, emoji: string) => void;
  /** Shows the small choice of reactions beside `anchor`. */
  pickReaction: (message: Message, anchor: HTMLElement) => void;
  remove: (message: Message) => void;
  details: (message: Message) => void;
  copy: (message: Message) => void;
  fetch: (attachment: Attachment) => void;
  cancelFetch: (attachment: Attachment) => void;
  save: (attachment: Attachment) => void;
  /** Shows a picture as large as the window. */
  view: (attachment: Attachment) => void;
  /** Goes to the message that was answered. */
  goTo: (message: string) => void;
};
