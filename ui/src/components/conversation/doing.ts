import type { Message } from "$lib/backend";

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
  /** Goes to the message that was answered. */
  goTo: (message: string) => void;
};
