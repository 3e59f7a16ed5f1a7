import { expect, it, vi } from "vitest";
import type { Backend, Picked } from "$lib/backend";
import { base64Of } from "$lib/base64";
import { Attaching } from "./attaching.svelte";
import { roomOf } from "./pictures.svelte";

const minutes: Picked = {
  token: "t1",
  name: "minutes.odt",
  size: 84_000,
  kind: "file",
  mayCarryMetadata: true,
};
const candles: Picked = { token: "t2", name: "candles.jpg", size: 3, kind: "image", mayCarryMetadata: false };

function backendWith(part: Partial<Backend> = {}) {
  const backend = {
    attachmentPick: vi.fn(async (): Promise<Picked | null> => minutes),
    attachmentOffer: vi.fn(async () => candles),
    attachmentDrop: vi.fn(async (): Promise<null> => null),
    attachmentSend: vi.fn(async () => ({ message: "m1" })),
  };
  return { ...backend, ...part } as typeof backend;
}
const attachingWith = (backend: object) => new Attaching(backend as Backend, "c1");
const refused = (kind: string) => () => Promise.reject({ kind, message: "" });
const file = (size: number) => new File([new Uint8Array(size)], "candles.jpg");

it("a file that was chosen goes with the text, once", async () => {
  const backend = backendWith();
  const attaching = attachingWith(backend);
  await attaching.pick();
  expect(attaching.warns).toBe(true);
  await attaching.send("the minutes", "m0");
  await attaching.send("again", null);
  expect(backend.attachmentSend.mock.calls).toEqual([["c1", "t1", "the minutes", "m0", false]]);
  expect(attaching.picked).toBeNull();
});

it("without a text none is sent, not an empty one", async () => {
  const backend = backendWith();
  const attaching = attachingWith(backend);
  await attaching.pick();
  await attaching.send("", null);
  expect(backend.attachmentSend).toHaveBeenCalledWith("c1", "t1", null, null, false);
});

it("a pasted picture is handed over as bytes and not warned of", async () => {
  const backend = backendWith();
  const attaching = attachingWith(backend);
  await attaching.offer(new File(["abc"], "candles.jpg"), false);
  expect(backend.attachmentOffer).toHaveBeenCalledWith("candles.jpg", btoa("abc"));
  expect([attaching.picked, attaching.warns]).toEqual([candles, false]);
});

it("too large a file is refused before it is read, by what the cell allows", async () => {
  const backend = backendWith();
  const attaching = attachingWith(backend);
  await attaching.offer(file(6_000_000), false);
  expect(attaching.failure).toBe("attachment_too_large");
  expect(backend.attachmentOffer).not.toHaveBeenCalled();
  await attaching.offer(file(6_000_000), true);
  expect(attaching.failure).toBeNull();
});

it("the one before is forgotten when another one is chosen, and the last when it is taken off", async () => {
  const backend = backendWith();
  const attaching = attachingWith(backend);
  await attaching.pick();
  await attaching.offer(file(3), false);
  await attaching.drop();
  expect(backend.attachmentDrop.mock.calls).toEqual([["t1"], ["t2"]]);
  expect(attaching.picked).toBeNull();
});

it("who changes their mind in the dialog of the system keeps what was there", async () => {
  const backend = backendWith();
  const attaching = attachingWith(backend);
  await attaching.pick();
  backend.attachmentPick.mockResolvedValueOnce(null);
  await attaching.pick();
  expect(attaching.picked).toEqual(minutes);
  expect(backend.attachmentDrop).not.toHaveBeenCalled();
});

it("what was taken off while it was read does not come back", async () => {
  let answer: (picked: Picked) => void = () => undefined;
  const backend = backendWith({ attachmentOffer: () => new Promise((resolve) => (answer = resolve)) });
  const attaching = attachingWith(backend);
  const offered = attaching.offer(file(3), false);
  await vi.waitFor(() => expect(attaching.reading).toBe("candles.jpg"));
  await new Promise((resolve) => setTimeout(resolve));
  await attaching.drop();
  answer(candles);
  await offered;
  expect([attaching.picked, attaching.reading]).toEqual([null, null]);
  expect(backend.attachmentDrop).toHaveBeenCalledWith("t2");
});

it("a picture that cannot be cleaned stays, with the reason, and goes as a file if one wants", async () => {
  const backend = backendWith({ attachmentSend: vi.fn(refused("file_unsafe")) });
  const attaching = attachingWith(backend);
  await attaching.offer(file(3), false);
  await expect(attaching.send("", null)).rejects.toMatchObject({ kind: "file_unsafe" });
  expect([attaching.picked, attaching.failure]).toEqual([candles, "file_unsafe"]);
  attaching.asFile = true;
  expect(attaching.warns).toBe(true);
});

it("what is being sent can be stopped, once, and is off then", async () => {
  let answer: (error: unknown) => void = () => undefined;
  const backend = backendWith({ attachmentSend: vi.fn(() => new Promise<never>((_, no) => (answer = no))) });
  const attaching = attachingWith(backend);
  await attaching.pick();
  const sent = attaching.send("the minutes", null);
  await attaching.stop();
  await attaching.stop();
  expect(backend.attachmentDrop.mock.calls).toEqual([["t1"]]);
  expect([attaching.picked, attaching.stopping]).toEqual([minutes, true]);
  answer({ kind: "cancelled", message: "" });
  await expect(sent).rejects.toMatchObject({ kind: "cancelled" });
  expect([attaching.picked, attaching.stopping, attaching.failure]).toEqual([null, false, null]);
});

it("bytes become base64, however many", () => {
  const bytes = Uint8Array.from({ length: 100_001 }, (_, at) => at % 251);
  expect(base64Of(bytes)).toBe(Buffer.from(bytes).toString("base64"));
});

it.each([
  [
    { width: 1600, height: 1200 },
    { width: 20, height: 15 },
  ],
  [
    { width: 900, height: 1350 },
    { width: 12, height: 18 },
  ],
  [
    { width: 100, height: 40_000 },
    { width: 5, height: 18 },
  ],
  [
    { width: 32, height: 32 },
    { width: 5, height: 5 },
  ],
  [
    { width: null, height: null },
    { width: 5, height: 5 },
  ],
])("a picture of %j has the room %j", (size, room) => {
  expect(roomOf(size)).toEqual(room);
});
