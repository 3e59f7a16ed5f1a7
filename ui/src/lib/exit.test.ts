import { expect, it } from "vitest";
import { ExitKeys } from "./exit";

const key = (key: string, timeStamp: number, more: object = {}) =>
  ({ key, code: key === "й" ? "KeyQ" : key, timeStamp, repeat: false, ...more }) as KeyboardEvent;
const quit = (at: number, more: object = {}) => key("й", at, { ctrlKey: true, ...more });

it("goes after three fast presses of Escape, and not after two", () => {
  const keys = new ExitKeys();
  expect(keys.press(key("Escape", 0)).exit).toBe(false);
  expect(keys.press(key("Escape", 300)).exit).toBe(false);
  expect(keys.press(key("Escape", 600)).exit).toBe(true);
});

it("stays when Escape is pressed now and then", () => {
  const keys = new ExitKeys();
  expect([0, 700, 1_400, 2_100].map((at) => keys.press(key("Escape", at)).exit)).not.toContain(true);
});

it("goes after Ctrl+Q twice, on a Russian keyboard too, and says so after the first", () => {
  const keys = new ExitKeys();
  expect(keys.press(quit(0))).toEqual({ exit: false, again: true });
  expect(keys.press(quit(900))).toEqual({ exit: true, again: false });
});

it("does not take a key that stays down for many, nor another key for it", () => {
  const keys = new ExitKeys();
  keys.press(quit(0));
  expect(keys.press(quit(100, { repeat: true })).exit).toBe(false);
  expect(keys.press(quit(200, { shiftKey: true })).exit).toBe(false);
  expect(keys.press(key("q", 300)).exit).toBe(false);
});
