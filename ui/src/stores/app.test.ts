import { describe, expect, it, vi } from "vitest";
import type { Backend, ProfileState } from "$lib/backend";
import { App, settingsBefore } from "./app.svelte";

vi.mock("$lib/backend", () => ({ commands: {}, events: { notice: async () => () => undefined } }));

function appOf(part: Partial<Backend>, profile: ProfileState = "open") {
  const backend: Partial<Backend> = {
    appRole: async () => "single",
    profileStatus: async () => profile,
    settingsGet: async () => settingsBefore,
    settingsSet: async () => null,
    ...part,
  };
  return new App(backend as Backend);
}

describe("starting", () => {
  it("does not ask for settings while the profile is locked, because they are sealed in it", async () => {
    const settingsGet = vi.fn<Backend["settingsGet"]>();
    const app = appOf({ settingsGet }, "locked");
    await app.start();
    expect(settingsGet).not.toHaveBeenCalled();
    expect([app.ready, app.profile, app.failure]).toEqual([true, "locked", null]);
  });

  it("wears the settings of an open profile", async () => {
    const app = appOf({
      settingsGet: async () => ({ ...settingsBefore, theme: "contrast", language: "ar", textSize: 150 }),
    });
    await app.start();
    const { dataset, dir, lang, style } = document.documentElement;
    expect([dataset["theme"], dir, lang, style.fontSize]).toEqual(["contrast", "rtl", "ar", "150%"]);
  });

  it("says so when nothing answers", async () => {
    const app = appOf({
      appRole: async () => {
        throw { kind: "already_running", message: "" };
      },
    });
    await app.start();
    expect([app.ready, app.failure]).toEqual([true, "already_running"]);
  });
});

describe("a changed setting", () => {
  it("is shown and kept", async () => {
    const settingsSet = vi.fn<Backend["settingsSet"]>(async () => null);
    const app = appOf({ settingsSet });
    await app.start();
    await app.change({ theme: "dark" });
    expect(document.documentElement.dataset["theme"]).toBe("dark");
    expect(settingsSet).toHaveBeenCalledWith({ ...settingsBefore, theme: "dark" });
  });

  it("goes back when it could not be kept", async () => {
    const app = appOf({
      settingsSet: async () => {
        throw { kind: "disk_full", message: "" };
      },
    });
    await app.start();
    await expect(app.change({ theme: "contrast" })).rejects.toMatchObject({ kind: "disk_full" });
    expect(app.settings.theme).toBe("system");
    expect(document.documentElement.dataset["theme"]).not.toBe("contrast");
  });
});
