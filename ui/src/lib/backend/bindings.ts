// Generated from the commands of src-tauri by tauri-specta. Until the generator runs, this file is written by hand in
// the shape that the generator will give. Every command rejects with a CommandError.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

export type ProfileState = "none" | "locked" | "open";
/** Which window this page is: "door" (first run, unlock), "main" (everything else), "single" (both, in the browser). */
export type Role = "door" | "main" | "single";
export type CommandError = { kind: string; message: string };

export type Strength = { /** 0 to 4 */ score: number; acceptable: boolean };
export type Settings = {
  language: "system" | "en" | "ru" | "uk" | "de" | "ar";
  theme: "system" | "light" | "dark" | "contrast";
  /** Per cent, 100 to 200. */
  textSize: number;
  reduceMotion: boolean;
  /** Blur last lines in the list of cells until hovered or focused. */
  blurPreviews: boolean;
  /** Seconds without input until the profile locks; 0 never. Default 120. */
  lockAfterS: number;
  lockOnSuspend: boolean;
  notifications: "none" | "contentFree";
};
export type About = {
  version: string;
  /** Whether the process that draws the page has no network and no files of its own. */
  sandboxed: boolean;
  jit: boolean;
  /** Unencrypted swap is on: what is shown may be written to the disk. */
  plainSwap: boolean;
  profileFolder: string;
};

export type MemberState = "member" | "suspended" | "removed" | "left";
export type Suite = "xwing" | "x25519";
export type Cell = {
  cell: string;
  name: string;
  /** What we are called in it. */
  displayName: string;
  members: number;
  /** Other members we are connected to now. */
  reachable: number;
  unread: number;
  state: MemberState;
  suite: Suite;
  lifetimeS: number;
  lan: boolean;
  last: Message | null;
};
export type Removal = { votes: number; needed: number; applied: number; of: number };
export type Member = {
  member: string;
  name: string;
  isSelf: boolean;
  full: boolean;
  verified: boolean;
  reachable: boolean;
  silentDays: number;
  state: MemberState;
  introducedBy: string | null;
  compared: boolean | null;
  removal: Removal | null;
};
export type Invite = { invite: string; expiresAt: string; state: "open" | "used" | "expired" | "withdrawn" };
export type NewInvite = { invite: string; link: string };
export type SafetyNumber = { digits: string; words: string };

export type Delivery = { have: number; of: number };
export type Reaction = { emoji: string; members: string[]; mine: boolean };
export type Quote = { message: string; author: string; name: string | null; text: string | null };
export type Message = {
  message: string;
  author: string;
  name: string | null;
  mine: boolean;
  /** Null once it was deleted for everyone. */
  text: string | null;
  sentAt: string;
  editedAt: string | null;
  replyTo: Quote | null;
  delivery: Delivery;
  /** How many could read it when it was sent, the author included; 0 while it waits on this device. */
  audience: number;
  reactions: Reaction[];
  unread: boolean;
};
export type At = { before: string } | { after: string } | { around: string } | "newest" | "firstUnread";
export type Page = { messages: Message[]; moreBefore: boolean; moreAfter: boolean };
/** Somebody who could read a message, and whether they are known to have it. */
export type Reader = { member: string; name: string; has: boolean };
export type Hit = { cell: string; message: Message };

export type CellNet = { cell: string; peer: string; listen: string[]; connected: string[] };
export type NetStatus = { online: boolean; cells: CellNet[] };
export type BundleImport = { cell: string; envelopes: number };

export type Notice =
  | { type: "message.received" | "message.changed"; cell: string; message: string }
  | { type: "message.delivered"; cell: string; message: string; have: number; of: number }
  | { type: "cell.synced" | "cell.removed_us"; cell: string }
  | { type: "cell.member_joined" | "cell.member_removed" | "peer.connected" | "peer.disconnected"; cell: string; member: string }
  | { type: "cell.warning"; cell: string; kind: string }
  | { type: "join.requested"; cell: string; request: string; name: string; phrase: string }
  | { type: "join.phrase"; request: string; phrase: string }
  | { type: "cell.joined"; cell: string; request: string }
  | { type: "join.failed"; request: string; kind: string }
  /** Events were lost: read every list again. */
  | { type: "events.missed" }
  /** The profile was locked: forget everything that is shown. */
  | { type: "profile.locked" };

const call = <T>(name: string, args: Record<string, unknown> = {}) => invoke<T>(name, args);

export const commands = {
  appRole: () => call<Role>("app_role"),
  appAbout: () => call<About>("app_about"),
  /** Closes the profile and ends the program. */
  appQuit: () => call<null>("app_quit"),
  /** Replaces the process by a fresh one that shows the door. */
  appRestart: () => call<null>("app_restart"),
  clipboardCopy: (text: string, secret: boolean) => call<null>("clipboard_copy", { text, secret }),

  profileStatus: () => call<ProfileState>("profile_status"),
  profileGeneratePassphrase: () => call<string>("profile_generate_passphrase"),
  passphraseStrength: (passphrase: string) => call<Strength>("passphrase_strength", { passphrase }),
  profileCreate: (passphrase: string) => call<null>("profile_create", { passphrase }),
  profileUnlock: (passphrase: string, acceptRollback: boolean) => call<null>("profile_unlock", { passphrase, acceptRollback }),
  profileLock: () => call<null>("profile_lock"),
  profileErase: () => call<null>("profile_erase"),

  settingsGet: () => call<Settings>("settings_get"),
  settingsSet: (settings: Settings) => call<null>("settings_set", { settings }),

  cellList: () => call<Cell[]>("cell_list"),
  cellCreate: (name: string, displayName: string, suite: Suite, removalQuorum: number | null) =>
    call<string>("cell_create", { name, displayName, suite, removalQuorum }),
  cellRename: (cell: string, name: string) => call<null>("cell_rename", { cell, name }),
  cellMarkRead: (cell: string, message: string) => call<null>("cell_mark_read", { cell, message }),
  cellSetLan: (cell: string, on: boolean) => call<null>("cell_set_lan", { cell, on }),
  cellMembers: (cell: string) => call<Member[]>("cell_members", { cell }),
  cellInvite: (cell: string, expiresInS: number | null) => call<NewInvite>("cell_invite", { cell, expiresInS }),
  cellInvites: (cell: string) => call<Invite[]>("cell_invites", { cell }),
  cellInviteWithdraw: (cell: string, invite: string) => call<null>("cell_invite_withdraw", { cell, invite }),
  /** Gives the request; join.phrase and then cell.joined or join.failed follow. */
  cellJoin: (link: string, displayName: string) => call<string>("cell_join", { link, displayName }),
  cellConfirmJoin: (cell: string, request: string, accept: boolean) => call<null>("cell_confirm_join", { cell, request, accept }),
  cellVouch: (cell: string, member: string) => call<null>("cell_vouch", { cell, member }),
  cellRemove: (cell: string, member: string) => call<{ votes: number; needed: number }>("cell_remove", { cell, member }),
  cellConfirmRestored: (cell: string, member: string) => call<null>("cell_confirm_restored", { cell, member }),
  cellLeave: (cell: string) => call<null>("cell_leave", { cell }),
  cellHeal: (cell: string) => call<null>("cell_heal", { cell }),
  cellSafetyNumber: (cell: string, member: string) => call<SafetyNumber>("cell_safety_number", { cell, member }),
  cellVerify: (cell: string, member: string) => call<null>("cell_verify", { cell, member }),

  messageSend: (cell: string, text: string, replyTo: string | null) => call<string>("message_send", { cell, text, replyTo }),
  messageList: (cell: string, at: At, limit: number) => call<Page>("message_list", { cell, at, limit }),
  messageGet: (cell: string, message: string) => call<Message>("message_get", { cell, message }),
  messageReaders: (cell: string, message: string) => call<Reader[]>("message_readers", { cell, message }),
  /** Cell null searches all cells. */
  messageSearch: (cell: string | null, text: string, limit: number) => call<Hit[]>("message_search", { cell, text, limit }),
  /** Null takes our reaction back. */
  messageReact: (cell: string, message: string, emoji: string | null) => call<null>("message_react", { cell, message, emoji }),
  messageEdit: (cell: string, message: string, text: string) => call<null>("message_edit", { cell, message, text }),
  messageDelete: (cell: string, message: string, everywhere: boolean) => call<null>("message_delete", { cell, message, everywhere }),
  draftGet: (cell: string) => call<string>("draft_get", { cell }),
  draftSet: (cell: string, text: string) => call<null>("draft_set", { cell, text }),

  netStatus: () => call<NetStatus>("net_status"),
  netSetOnline: (online: boolean) => call<null>("net_set_online", { online }),
  netSetListen: (cell: string, ip: string | null, port: number | null) => call<null>("net_set_listen", { cell, ip, port }),
  /** Asks where to put the file with the system's own dialog; null if the person changed their mind. */
  bundleExport: (cell: string) => call<number | null>("bundle_export", { cell }),
  bundleImport: () => call<BundleImport | null>("bundle_import"),
  /** Saves an invite link as a file chosen in the system's dialog; false if the person changed their mind. */
  inviteSave: (link: string) => call<boolean>("invite_save", { link }),
  /** The link in a text file or a picture of a QR code chosen in the system's dialog. */
  inviteOpen: () => call<string | null>("invite_open"),
  /** The link in a picture that was pasted or dropped; base64 of PNG or JPEG. */
  inviteFromPicture: (picture: string) => call<string>("invite_from_picture", { picture }),
};

export const events = {
  notice: (hear: (notice: Notice) => void) => listen<Notice>("notice", (event) => hear(event.payload)),
};
