import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { App } from "./app.svelte";
import { Erasure, erasureOf, holdMs } from "./erasure.svelte";

const erase = vi.fn(async (): Promise<null> => null);
const restart = vi.fn(async (): Promise<null> => null);
const app = {
  backend: {
    profileErase: erase,
    appRestart: restart,
    appAbout: async () => ({ profileFolder: "/srv/alice/.notes" }),
  },
} as unknown as App;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  erase.mockImplementation(async () => null);
});
afterEach(() => vi.useRealTimers());

function armed(): Erasure {
  const erasure = new Erasure(app);
  erasure.begin();
  erasure.goOn();
  return erasure;
}

it("erases nothing on the first step", async () => {
  const erasure = new Erasure(app);
  erasure.begin();
  erasure.hold();
  erasure.press();
  erasure.press();
  await vi.advanceTimersByTimeAsync(holdMs * 3);
  expect(erase).not.toHaveBeenCalled();
  expect(erasure.stage).toBe("asking");
});

it("erases what is held for two seconds", async () => {
  const erasure = armed();
  erasure.hold();
  await vi.advanceTimersByTimeAsync(holdMs - 100);
  expect(erase).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(100);
  expect(erase).toHaveBeenCalledOnce();
  expect(erasure.stage).toBe("done");
});

it("erases nothing that was let go in time, and says so", async () => {
  const erasure = armed();
  erasure.hold();
  await vi.advanceTimersByTimeAsync(holdMs - 200);
  erasure.release();
  await vi.advanceTimersByTimeAsync(holdMs);
  expect(erase).not.toHaveBeenCalled();
  expect(erasure).toMatchObject({ stage: "armed", stopped: true, held: 0 });
});

it("does not add up two short holds", async () => {
  const erasure = armed();
  for (let round = 0; round < 2; round++) {
    erasure.hold();
    await vi.advanceTimersByTimeAsync(holdMs - 200);
    erasure.release();
  }
  expect(erase).not.toHaveBeenCalled();
});

it("erases when pressed twice", async () => {
  const erasure = armed();
  erasure.press();
  expect(erase).not.toHaveBeenCalled();
  expect(erasure.pressed).toBe(true);
  erasure.press();
  await vi.advanceTimersByTimeAsync(0);
  expect(erase).toHaveBeenCalledOnce();
});

it("forgets a press that was followed by none", async () => {
  const erasure = armed();
  erasure.press();
  await vi.advanceTimersByTimeAsync(7_000);
  erasure.press();
  expect(erase).not.toHaveBeenCalled();
});

it("erases nothing after cancelling", async () => {
  const erasure = armed();
  erasure.hold();
  erasure.cancel();
  await vi.advanceTimersByTimeAsync(holdMs * 2);
  expect(erase).not.toHaveBeenCalled();
  expect(erasure.stage).toBe("closed");
});

it("starts afresh some seconds after it told that everything is gone", async () => {
  const erasure = armed();
  erasure.press();
  erasure.press();
  await vi.advanceTimersByTimeAsync(9_000);
  expect(restart).not.toHaveBeenCalled();
  expect(erasure.secondsLeft).toBe(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(restart).toHaveBeenCalledOnce();
});

it("ends if it cannot start afresh", async () => {
  const quit = vi.fn(async (): Promise<null> => null);
  const stuck = {
    backend: { ...app.backend, appRestart: async () => Promise.reject({ kind: "internal" }), appQuit: quit },
  } as unknown as App;
  await new Erasure(stuck).restart();
  expect(quit).toHaveBeenCalledOnce();
});

it("tells that it failed, and where data may remain, and can be tried again", async () => {
  erase.mockImplementation(async () => Promise.reject({ kind: "file_unsafe", message: "" }));
  const erasure = armed();
  erasure.press();
  erasure.press();
  await vi.advanceTimersByTimeAsync(0);
  expect(erasure).toMatchObject({
    stage: "failed",
    failure: "file_unsafe",
    folder: "/srv/alice/.notes",
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(restart).not.toHaveBeenCalled();
  erasure.goOn();
  expect(erasure.stage).toBe("armed");
});

it("waits for nothing before it erases", async () => {
  const slow = {
    backend: { ...app.backend, appAbout: () => new Promise(() => undefined) },
  } as unknown as App;
  const erasure = new Erasure(slow);
  erasure.begin();
  erasure.goOn();
  erasure.press();
  erasure.press();
  await vi.advanceTimersByTimeAsync(0);
  expect(erase).toHaveBeenCalledOnce();
});

it("is one for the whole program", () => {
  expect(erasureOf(app)).toBe(erasureOf(app));
});
