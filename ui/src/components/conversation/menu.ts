import Copy from "@lucide/svelte/icons/copy";
import Download from "@lucide/svelte/icons/download";
import FileDown from "@lucide/svelte/icons/file-down";
import Image from "@lucide/svelte/icons/image";
import Info from "@lucide/svelte/icons/info";
import Pencil from "@lucide/svelte/icons/pencil";
import Reply from "@lucide/svelte/icons/reply";
import SmilePlus from "@lucide/svelte/icons/smile-plus";
import Trash2 from "@lucide/svelte/icons/trash-2";
import X from "@lucide/svelte/icons/x";
import type { MenuItem } from "$components/shared/Menu.svelte";
import type { Message } from "$lib/backend";
import { t } from "$lib/i18n";
import { sayChord } from "$lib/keys";
import { isDeleted } from "$lib/message";
import type { Doing } from "./doing";

/** What can be done with a message; nothing that would send where nothing can be sent any more. */
export function itemsFor(message: Message, over: boolean, doing: Doing): MenuItem[] {
  const spoken = !isDeleted(message);
  const details: MenuItem = {
    label: t("message-details"),
    icon: Info,
    keys: sayChord({ code: "KeyD", ctrl: true }),
    onselect: () => doing.details(message),
  };
  const remove: MenuItem = {
    label: t("message-delete"),
    icon: Trash2,
    danger: true,
    onselect: () => doing.remove(message),
  };
  if (!spoken) return [details];
  const copy: MenuItem = {
    label: t("message-copy"),
    icon: Copy,
    keys: sayChord({ code: "KeyC", ctrl: true }),
    onselect: () => doing.copy(message),
  };
  const written = message.text ? [copy] : [];
  const carried = itemsForAttachment(message, doing);
  if (over) return [...carried, ...written, details, remove];
  const reply: MenuItem = {
    label: t("message-reply"),
    icon: Reply,
    keys: sayChord({ code: "KeyR", ctrl: true, shift: true }),
    onselect: () => doing.reply(message),
  };
  const react: MenuItem = {
    label: t("message-react"),
    icon: SmilePlus,
    keys: sayChord({ code: "KeyE", ctrl: true, shift: true }),
    onselect: () => {
      const anchor = document.querySelector<HTMLElement>(
        `[data-message="${CSS.escape(message.message)}"] .bubble`,
      );
      if (anchor) doing.pickReaction(message, anchor);
    },
  };
  const edit: MenuItem = { label: t("message-edit"), icon: Pencil, onselect: () => doing.edit(message) };
  const editable = message.mine && message.text ? [edit] : [];
  return [reply, react, ...carried, ...editable, ...written, details, remove];
}

/** Looking at a picture comes with Enter as well; saving and fetching are buttons in the message, and here for the keyboard. */
function itemsForAttachment({ attachment }: Message, doing: Doing): MenuItem[] {
  if (!attachment) return [];
  const { state, kind } = attachment;
  if (state === "offered")
    return [{ label: t("attach-fetch"), icon: Download, onselect: () => doing.fetch(attachment) }];
  if (state !== "here")
    return [{ label: t("attach-cancel"), icon: X, onselect: () => doing.cancelFetch(attachment) }];
  const save = { label: t("attach-save"), icon: FileDown, onselect: () => doing.save(attachment) };
  const view = { label: t("attach-view"), icon: Image, onselect: () => doing.view(attachment) };
  return kind === "image" ? [view, save] : [save];
}
