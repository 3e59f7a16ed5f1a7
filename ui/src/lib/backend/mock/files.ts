/** Files of the mock: pictures that are drawn when they are asked for, and pieces that come one after the other. */
import type { Attachment, Picked, Picture } from "../attachments";

/** What somebody in the world of the mock attached. */
export type Given = Pick<Attachment, "kind" | "name" | "size"> & Partial<Attachment>;

export function attachmentOf(attachment: string, given: Given): Attachment {
  const of = Math.max(1, Math.ceil(given.size / 57_344));
  const size = given.kind === "image" ? { width: 1600, height: 1200 } : { width: null, height: null };
  return { attachment, ...size, state: "here", of, have: of, ...given };
}

/** Dusk over a square, in the proportions that are asked for. Different for each id. */
export function draw({ attachment, width, height }: Attachment, longest: number | null): Picture {
  const scale = Math.min(1, (longest ?? 2_048) / Math.max(width ?? 1, height ?? 1));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round((width ?? 400) * scale);
  canvas.height = Math.round((height ?? 300) * scale);
  const dice = [...attachment].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7);
  const pen = canvas.getContext("2d");
  if (pen) paint(pen, canvas.width, canvas.height, dice);
  const data = canvas.toDataURL("image/jpeg", 0.8).split(",")[1] ?? "";
  return { media: "image/jpeg", data, width: canvas.width, height: canvas.height };
}

function paint(pen: CanvasRenderingContext2D, width: number, height: number, dice: number): void {
  const sky = pen.createLinearGradient(0, 0, 0, height);
  sky.addColorStop(0, `hsl(${String(210 + (dice % 30))} 35% 28%)`);
  sky.addColorStop(0.62, `hsl(${String(20 + (dice % 25))} 60% 68%)`);
  sky.addColorStop(0.63, "hsl(200 18% 22%)");
  sky.addColorStop(1, "hsl(200 20% 14%)");
  pen.fillStyle = sky;
  pen.fillRect(0, 0, width, height);
  for (let at = 0; at < 9; at++) {
    const x = ((at * 97 + dice * 13) % 100) / 100;
    const y = 0.7 + (((at * 41 + dice) % 25) / 100) * 0.9;
    const glow = pen.createRadialGradient(x * width, y * height, 0, x * width, y * height, width / 22);
    glow.addColorStop(0, "hsl(45 100% 82%)");
    glow.addColorStop(0.25, "hsl(35 95% 60% / 0.8)");
    glow.addColorStop(1, "hsl(30 90% 50% / 0)");
    pen.fillStyle = glow;
    pen.fillRect(0, 0, width, height);
  }
}

/** Files that were chosen and not sent. */
const chosen = new Map<string, Picked>();
let counter = 0;

export function choose(name: string, size: number): Picked {
  const kind = /\.(jpe?g|png|webp)$/i.test(name) ? "image" : "file";
  const picked: Picked = {
    token: `token${String(counter++)}`,
    name,
    size,
    kind,
    mayCarryMetadata: kind === "file",
  };
  chosen.set(picked.token, picked);
  return picked;
}

export const isChosen = (token: string) => chosen.has(token);

export function takeChosen(token: string): Picked | undefined {
  const picked = chosen.get(token);
  chosen.delete(token);
  return picked;
}
