import { expect, it, vi } from "vitest";
import type { Backend } from "$lib/backend";
import type { App } from "./app.svelte";
import { DoorLanguage, FirstRun, Unlock } from "./profile.svelte";

const words = "copper meadow thirty lantern quiet walnut";

function appWith(backend: Partial<Record<keyof Backend, unknown>>, role: App["role"] = "single") {
  const refresh = vi.fn(async () => undefined);
  return { app: { backend, role, refresh } as unknown as App, refresh };
}

const refused = (kind: string) => vi.fn(async () => Promise.reject({ kind, message: "" }));

async function atTheCheck(create = vi.fn(async () => null), role: App["role"] = "single") {
  const { app, refresh } = appWith(
    { profileGeneratePassphrase: async () => words, profileCreate: create },
    role,
  );
  const run = new FirstRun(app);
  await run.makeWords();
  run.askBack();
  const typed = run.asked.map((position) => words.split(" ")[position - 1] ?? "") as [string, string];
  return { run, typed, create, refresh };
}

it("asks for two different words, in their order", async () => {
  for (let round = 0; round < 50; round++) {
    const { run } = await atTheCheck();
    const [first, second] = run.asked;
    expect(first).toBeGreaterThanOrEqual(1);
    expect(second).toBeLessThanOrEqual(6);
    expect(first).toBeLessThan(second);
  }
});

it("makes a profile of the words that were written down", async () => {
  const { run, typed, create, refresh } = await atTheCheck();
  await run.check([` ${typed[0].toUpperCase()} `, typed[1]]);
  expect(create).toHaveBeenCalledWith(words, "system");
  expect(refresh).toHaveBeenCalledOnce();
  expect(run.words).toEqual([]);
});

it("makes none of words that were written down wrong, and says which", async () => {
  const { run, typed, create } = await atTheCheck();
  await run.check([typed[0], "walrus"]);
  expect(run.wrong).toEqual([run.asked[1]]);
  expect(create).not.toHaveBeenCalled();
});

it("leaves opening the main window to the shell, if this is the window of the door", async () => {
  const { run, typed, refresh } = await atTheCheck(undefined, "door");
  await run.check(typed);
  expect(run.step).toBe("opening");
  expect(refresh).not.toHaveBeenCalled();
});

it("goes back to where the passphrase came from when it is refused", async () => {
  const { app } = appWith({ profileCreate: refused("weak_passphrase") });
  const run = new FirstRun(app);
  run.chooseOwn();
  await run.useOwn("secret");
  expect(run.step).toBe("own");
  expect(run.failure).toBe("weak_passphrase");
});

it("shows how strong the newest passphrase is, whatever comes back last", async () => {
  const answers: ((score: number) => void)[] = [];
  const { app } = appWith({
    passphraseStrength: () =>
      new Promise((resolve) => answers.push((score) => resolve({ score, acceptable: score > 2 }))),
  });
  const run = new FirstRun(app);
  const first = run.judge("a");
  const second = run.judge("a long one");
  answers[1]?.(4);
  answers[0]?.(0);
  await Promise.all([first, second]);
  expect(run.strength?.score).toBe(4);
});

it("opens with the right passphrase", async () => {
  const { app, refresh } = appWith({ profileUnlock: async () => null });
  await new Unlock(app).try(words);
  expect(refresh).toHaveBeenCalledOnce();
});

it.each(["wrong_passphrase", "storage_damaged", "already_running", "disk_full"] as const)(
  "stays shut and says why: %s",
  async (kind) => {
    const { app, refresh } = appWith({ profileUnlock: refused(kind) });
    const unlock = new Unlock(app);
    await unlock.try(words);
    expect(unlock.state).toEqual({ at: "asking", refused: kind });
    expect(refresh).not.toHaveBeenCalled();
  },
);

it("takes an older state only after the person said that it is theirs", async () => {
  const profileUnlock = vi
    .fn()
    .mockRejectedValueOnce({ kind: "rolled_back", message: "" })
    .mockResolvedValueOnce(null);
  const { app } = appWith({ profileUnlock });
  const unlock = new Unlock(app);
  await unlock.try(words);
  expect(unlock.state).toEqual({ at: "rolledBack" });
  await unlock.acceptRollback();
  expect(profileUnlock.mock.calls).toEqual([
    [words, false],
    [words, true],
  ]);
});

it("forgets the passphrase when the older state is declined", async () => {
  const profileUnlock = refused("rolled_back");
  const { app } = appWith({ profileUnlock });
  const unlock = new Unlock(app);
  await unlock.try(words);
  unlock.declineRollback();
  await unlock.acceptRollback();
  expect(profileUnlock).toHaveBeenLastCalledWith("", true);
});

it("keeps the language that was chosen at the door in the new profile", async () => {
  const profileCreate = vi.fn(async () => null);
  const { app } = appWith({ profileCreate });
  const language = new DoorLanguage();
  await language.choose("ru");
  const run = new FirstRun(app, language);
  await run.useOwn("a long one");
  expect(profileCreate).toHaveBeenCalledWith("a long one", "ru");
});

it("says where everything is when it is damaged", async () => {
  const { app } = appWith({
    profileUnlock: refused("storage_damaged"),
    appAbout: async () => ({ profileFolder: "/srv/alice/notes" }),
  });
  const unlock = new Unlock(app);
  await unlock.try(words);
  expect(unlock.folder).toBe("/srv/alice/notes");
});
