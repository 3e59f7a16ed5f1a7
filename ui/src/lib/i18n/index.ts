export { i18n, languages, t, type Args, type Language, type MessageId } from "./i18n.svelte";
export { bytes, clock, day, when, moment, list, number } from "./format";
