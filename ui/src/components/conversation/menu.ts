import Copy from "@lucide/svelte/icons/copy";
import Info from "@lucide/svelte/icons/info";
import Pencil from "@lucide/svelte/icons/pencil";
import Reply from "@lucide/svelte/icons/reply";
import SmilePlus from "@lucide/svelte/icons/smile-plus";
import Trash2 from "@lucide/svelte/icons/trash-2";
import type { MenuItem } from "$components/shared/Menu.svelte";
import type { Message } from "$lib/backend";
import { t } from "$lib/i18n";
import { sayChord } from "$lib/keys";
import type { Doing } from "./doing";

/** What can be done with a message; nothing that would send where nothing can be sent any more. */
export function itemsFor(message: Message, over: boolean, doing: Doing): MenuItem[] {
  const spoken = message.text !== null;
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
  if (over) return [copy, details, remove];
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
  return [reply, react, ...(message.mine ? [edit] : []), copy, details, remove];
}
