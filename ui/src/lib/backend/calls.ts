/** Short names for parts of the calls that the generated bindings describe. */
import type { CallAnswer, CallChecklists } from "./bindings";

export type Answer = CallAnswer;
export type ListName = keyof CallChecklists;
