/**
 * What went wrong, as words. Errors cross the boundary as kinds (docs/RPC.md) and become words when they are drawn, so
 * that they follow the language. A kind that is added there has to be added here: the tables are checked for holes.
 */
import { t, type MessageId } from "$lib/i18n";

/** Docs/RPC.md, `Errors`, without what only a script can do wrong. */
const words = {
  internal: "error-internal",
  invalid_params: "error-invalid-params",
  locked: "error-locked",
  no_profile: "error-no-profile",
  profile_exists: "error-profile-exists",
  wrong_passphrase: "error-wrong-passphrase",
  weak_passphrase: "error-weak-passphrase",
  already_running: "error-already-running",
  rolled_back: "error-rolled-back",
  storage_damaged: "error-storage-damaged",
  disk_full: "error-disk-full",
  no_such_cell: "error-no-such-cell",
  no_such_message: "error-no-such-message",
  no_such_invite: "error-no-such-invite",
  no_such_join: "error-no-such-join",
  not_a_member: "error-not-a-member",
  not_a_full_member: "error-not-a-full-member",
  already_voted: "error-already-voted",
  too_small_to_remove: "error-too-small-to-remove",
  invite_malformed: "error-invite-malformed",
  invite_expired: "error-invite-expired",
  already_joined: "error-already-joined",
  name_confusable: "error-name-confusable",
  cell_full: "error-cell-full",
  cell_damaged: "error-cell-damaged",
  not_the_author: "error-not-the-author",
  too_many: "error-too-many",
  unreachable: "error-unreachable",
  text_empty: "error-text-empty",
  text_too_long: "error-text-too-long",
  bundle_damaged: "error-bundle-damaged",
  bundle_foreign: "error-bundle-foreign",
  file_unsafe: "error-file-unsafe",
  cancelled: "error-cancelled",
  attachment_too_large: "error-attachment-too-large",
  no_such_call: "error-no-such-call",
  call_expired: "error-call-expired",
  call_cancelled: "error-call-cancelled",
  call_invalid: "error-call-invalid",
  no_such_role: "error-no-such-role",
  no_such_item: "error-no-such-item",
  no_such_plan: "error-no-such-plan",
  unprintable: "error-unprintable",
  role_full: "error-role-full",
  not_expected: "error-not-expected",
  file_too_large: "error-file-too-large",
  no_such_channel: "error-no-such-channel",
  no_such_post: "error-no-such-post",
  not_a_publisher: "error-not-a-publisher",
  channel_parted: "error-channel-parted",
  no_offer: "error-no-offer",
  threshold: "error-threshold",
  already_signed: "error-already-signed",
  epoch_keys_missing: "error-epoch-keys-missing",
  channel_damaged: "error-channel-damaged",
  publisher_restored: "error-publisher-restored",
  link_malformed: "error-link-malformed",
  link_other_version: "error-link-other-version",
  link_guarded: "error-link-guarded",
  link_too_costly: "error-link-too-costly",
} as const satisfies Record<string, MessageId>;

export type ErrorKind = keyof typeof words;

/** The kind of what a command rejected with; what we do not know is `internal`. */
export function kindOf(error: unknown): ErrorKind {
  if (typeof error === "object" && error !== null && "kind" in error && typeof error.kind === "string") {
    if (Object.hasOwn(words, error.kind)) return error.kind as ErrorKind;
  }
  return "internal";
}

export function sayError(kind: ErrorKind): string {
  return t(words[kind]);
}

/** Why a newcomer is not in: kinds of `join.failed`. */
const joinWords = {
  unreachable: "join-failed-unreachable",
  invite_expired: "join-failed-invite-expired",
  invite_used: "join-failed-invite-used",
  invite_withdrawn: "join-failed-invite-withdrawn",
  refused: "join-failed-refused",
  name_confusable: "join-failed-name-confusable",
  cell_full: "join-failed-cell-full",
  handshake_failed: "join-failed-handshake-failed",
} as const satisfies Record<string, MessageId>;

export type JoinFailure = keyof typeof joinWords;

export function sayJoinFailure(kind: string): string {
  return t(Object.hasOwn(joinWords, kind) ? joinWords[kind as JoinFailure] : "join-failed-handshake-failed");
}

/** Kinds of `cell.warning`: what happened, and what to do. */
const warningWords = {
  equivocation: { title: "warning-equivocation", text: "warning-equivocation-text" },
  unexpected_reader: { title: "warning-unexpected-reader", text: "warning-unexpected-reader-text" },
  name_confusable: { title: "warning-name-confusable", text: "warning-name-confusable-text" },
  removal_conflict: { title: "warning-removal-conflict", text: "warning-removal-conflict-text" },
  device_restored: { title: "warning-device-restored", text: "warning-device-restored-text" },
  withheld: { title: "warning-withheld", text: "warning-withheld-text" },
  removal_not_applied: { title: "warning-removal-not-applied", text: "warning-removal-not-applied-text" },
  backlog_paused: { title: "warning-backlog-paused", text: "warning-backlog-paused-text" },
  damaged: { title: "warning-damaged", text: "warning-damaged-text" },
} as const satisfies Record<string, { title: MessageId; text: MessageId }>;

export type WarningKind = keyof typeof warningWords;

export function isWarning(kind: string): kind is WarningKind {
  return Object.hasOwn(warningWords, kind);
}

export function sayWarning(kind: WarningKind): { title: string; text: string } {
  const { title, text } = warningWords[kind];
  return { title: t(title), text: t(text) };
}
