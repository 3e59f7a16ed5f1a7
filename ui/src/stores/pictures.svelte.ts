/**
 * Pictures of a conversation as the core gives them: decoded, cut and written anew by it. The last few are kept, so that
 * scrolling does not ask for the same one again and again.
 */
import type { Attachment, Backend } from "$lib/backend";

const keptMax = 40;
/** Pixels of the longer side in the log, on a screen with two pixels to a point. */
const longestInLog = 720;

export class Pictures {
  readonly #backend: Backend;
  readonly #kept = new Map<string, Promise<string>>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  inLog({ attachment }: Attachment): Promise<string> {
    const kept = this.#kept.get(attachment);
    if (kept) return kept;
    const made = this.#read(attachment, longestInLog);
    this.#kept.set(attachment, made);
    made.catch(() => this.#kept.delete(attachment));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptMax && oldest) this.#kept.delete(oldest);
    return made;
  }

  whole({ attachment }: Attachment): Promise<string> {
    return this.#read(attachment, null);
  }

  async #read(attachment: string, longest: number | null): Promise<string> {
    const { media, data } = await this.#backend.attachmentImage(attachment, longest);
    return `data:${media};base64,${data}`;
  }
}

/** The room of a picture in the log, in rem, known before it is here. Neither larger than the box nor a sliver. */
export function roomOf({ width, height }: Pick<Attachment, "width" | "height">): {
  width: number;
  height: number;
} {
  const box = { width: 20, height: 18, min: 5 };
  const wide = Math.max(1, width ?? 4);
  const high = Math.max(1, height ?? 3);
  const scale = Math.min(box.width / wide, box.height / high, 1 / 16);
  return { width: Math.max(box.min, wide * scale), height: Math.max(box.min, high * scale) };
}
