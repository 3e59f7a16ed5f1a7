import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Backend } from "$lib/backend";
import { pictureBytesMax } from "$lib/codes";
import { Joining } from "./join.svelte";

const link = "vigil:AAECAwQFBgc";

function joiningWith(parts: Partial<Record<keyof Backend, unknown>> = {}) {
  const backend = {
    cellJoin: vi.fn(async () => "r1"),
    cellLeave: vi.fn(async () => null),
    cellCancelJoin: vi.fn(async () => null),
    ...parts,
  };
  return { joining: new Joining(backend as unknown as Backend), backend };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function reaching(parts?: Partial<Record<keyof Backend, unknown>>) {
  const { joining, backend } = joiningWith(parts);
  joining.give(link);
  await joining.join("Bob");
  return { joining, backend };
}

it.each(["", "https://example.org", "vigil:", "vigil:AA AA", `${link}\n${link}`])(
  "takes %j for no invite",
  (text) => {
    const { joining } = joiningWith();
    joining.give(text);
    expect(joining.problem).toBe("broken");
    expect(joining.state).toEqual({ at: "invite" });
  },
);

it("takes a link with blanks around it", () => {
  const { joining } = joiningWith();
  joining.give(`  ${link}\n`);
  expect(joining.state).toEqual({ at: "name", link });
});

it("goes from reaching through the phrase into the cell", async () => {
  const { joining } = await reaching();
  expect(joining.state).toEqual({ at: "reaching", request: "r1" });
  joining.handleNotice({ type: "join.phrase", request: "r1", phrase: "lusab-babad" });
  expect(joining.state).toEqual({ at: "phrase", request: "r1", phrase: "lusab-babad" });
  joining.handleNotice({ type: "cell.joined", request: "r1", cell: "c1" });
  expect(joining.state).toEqual({ at: "joined", cell: "c1" });
});

it("misses nothing that is told before the call answers", async () => {
  const { joining } = joiningWith({
    cellJoin: async () => {
      joining.handleNotice({ type: "join.phrase", request: "r1", phrase: "lusab-babad" });
      return "r1";
    },
  });
  joining.give(link);
  await joining.join("Bob");
  expect(joining.state).toEqual({ at: "phrase", request: "r1", phrase: "lusab-babad" });
});

it("does not listen to the join of somebody else", async () => {
  const { joining } = await reaching();
  joining.handleNotice({ type: "join.failed", request: "r9", kind: "refused" });
  expect(joining.state).toEqual({ at: "reaching", request: "r1" });
});

it("says why one is not in", async () => {
  const { joining } = await reaching();
  joining.handleNotice({ type: "join.failed", request: "r1", kind: "invite_used" });
  expect(joining.state).toEqual({ at: "failed", kind: "invite_used" });
});

it("leaves a cell again that let us in after the phrases differed", async () => {
  const { joining, backend } = await reaching();
  joining.handleNotice({ type: "join.phrase", request: "r1", phrase: "lusab-babad" });
  joining.stop();
  joining.handleNotice({ type: "cell.joined", request: "r1", cell: "c1" });
  expect(joining.state).toEqual({ at: "stopped" });
  expect(backend.cellCancelJoin).toHaveBeenCalledWith("r1");
  expect(backend.cellLeave).toHaveBeenCalledWith("c1");
});

it("leaves also if it was stopped before the call answered", async () => {
  let answer: (request: string) => void = () => undefined;
  const { joining, backend } = joiningWith({
    cellJoin: () => new Promise<string>((resolve) => (answer = resolve)),
  });
  joining.give(link);
  const joined = joining.join("Bob");
  joining.stop();
  answer("r1");
  await joined;
  joining.handleNotice({ type: "cell.joined", request: "r1", cell: "c1" });
  expect(backend.cellCancelJoin).toHaveBeenCalledWith("r1");
  expect(backend.cellLeave).toHaveBeenCalledWith("c1");
  expect(joining.state).toEqual({ at: "stopped" });
});

it("goes back to the link when the core finds it broken, and to the name otherwise", async () => {
  const broken = await reaching({
    cellJoin: async () => Promise.reject({ kind: "invite_malformed", message: "" }),
  });
  expect(broken.joining).toMatchObject({ state: { at: "invite" }, problem: "broken" });
  const known = await reaching({
    cellJoin: async () => Promise.reject({ kind: "already_joined", message: "" }),
  });
  expect(known.joining).toMatchObject({ state: { at: "name", link }, refusal: "already_joined" });
});

it("counts how long it takes, and says when that is long", async () => {
  const { joining } = await reaching();
  vi.advanceTimersByTime(14_000);
  expect(joining).toMatchObject({ elapsedS: 14, isLong: false });
  vi.advanceTimersByTime(1_000);
  expect(joining.isLong).toBe(true);
});

it("reads a picture", async () => {
  const inviteFromPicture = vi.fn(async () => link);
  const { joining } = joiningWith({ inviteFromPicture });
  await joining.readPicture(new File([new Uint8Array([1, 2, 3])], "code.png", { type: "image/png" }));
  expect(inviteFromPicture).toHaveBeenCalledWith("AQID");
  expect(joining.state).toEqual({ at: "name", link });
});

it("does not send on what is no picture, is too large or holds no code", async () => {
  const inviteFromPicture = vi.fn(async () => Promise.reject({ kind: "invite_malformed", message: "" }));
  const { joining } = joiningWith({ inviteFromPicture });
  await joining.readPicture(new File(["<svg/>"], "code.svg", { type: "image/svg+xml" }));
  expect(joining.problem).toBe("pictureType");
  await joining.readPicture(new File([new Uint8Array(pictureBytesMax + 1)], "a.png", { type: "image/png" }));
  expect(joining.problem).toBe("pictureLarge");
  expect(inviteFromPicture).not.toHaveBeenCalled();
  await joining.readPicture(new File([new Uint8Array(3)], "a.png", { type: "image/png" }));
  expect(joining.problem).toBe("pictureNone");
});

it("forgets everything when the profile is locked", async () => {
  const { joining } = await reaching();
  joining.handleNotice({ type: "profile.locked" });
  expect(joining.state).toEqual({ at: "invite" });
});
