import { expect, it } from "vitest";
import { actionOf, caps, placeKeys, positionOf, shortcuts, stepIn } from "./keys";

const press = (code: string, part: KeyboardEventInit = {}) => new KeyboardEvent("keydown", { code, ...part });

it("knows a key by its place, so that a Russian keyboard works", () => {
  expect(actionOf(press("KeyK", { ctrlKey: true, key: "л" }))).toBe("switch");
  expect(actionOf(press("KeyL", { ctrlKey: true, key: "д" }))).toBe("lock");
});

it("tells chords apart by every key that is held", () => {
  expect(actionOf(press("KeyF", { ctrlKey: true }))).toBe("find");
  expect(actionOf(press("KeyF", { ctrlKey: true, shiftKey: true }))).toBe("findEverywhere");
  expect(actionOf(press("KeyF"))).toBeUndefined();
  expect(actionOf(press("ArrowDown", { altKey: true, shiftKey: true }))).toBe("nextUnread");
});

it("counts cells from one", () => {
  expect(positionOf(press("Digit1", { ctrlKey: true }))).toBe(0);
  expect(positionOf(press("Numpad9", { ctrlKey: true }))).toBe(8);
  expect(positionOf(press("Digit1"))).toBeUndefined();
  expect(positionOf(press("Digit0", { ctrlKey: true }))).toBeUndefined();
});

it("gives no chord to two actions", () => {
  const all = shortcuts.flatMap(({ chords }) => chords.map((chord) => caps(chord).join("+")));
  expect(all.filter((each, at) => all.indexOf(each) !== at)).toEqual([]);
});

it("has no shortcut of a single letter", () => {
  const all = [...shortcuts, ...placeKeys].flatMap(({ chords }) => chords);
  expect(all.filter(({ code, ctrl, alt }) => /^Key|^Digit/.test(code) && !ctrl && !alt)).toEqual([]);
});

it("moves in a list and not out of it", () => {
  const step = (key: string, at: number) => stepIn(10, at, new KeyboardEvent("keydown", { key }));
  expect([step("ArrowUp", 0), step("ArrowDown", 9), step("PageDown", 4), step("Home", 5)]).toEqual([
    0, 9, 9, 0,
  ]);
  expect(step("Enter", 3)).toBeUndefined();
});
