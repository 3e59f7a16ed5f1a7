import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Alias } from "vite";
import { defineConfig } from "vitest/config";
import { csp } from "./csp.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The generated bindings know two modules of Tauri. In a browser, another pair of modules of the same shape stands in
 * for them, so that the bridge and the mock are not in the bundle of the desktop program at all.
 */
function transport(mode: string): Alias[] {
  if (mode !== "bridge" && mode !== "mock") return [];
  return [
    { find: "@tauri-apps/api/core", replacement: at(`src/lib/backend/${mode}/core.ts`) },
    { find: "@tauri-apps/api/event", replacement: at(`src/lib/backend/${mode}/event.ts`) },
  ];
}

export default defineConfig(({ mode }) => {
  const bridge = `http://127.0.0.1:${process.env["VIGIL_BRIDGE"] ?? "7890"}`;
  return {
    plugins: [svelte()],
    // Absolute names: the desktop program serves the folder at the root of an origin of its own.
    base: "/",
    resolve: {
      alias: [
        ...transport(mode),
        { find: "$components", replacement: at("src/components") },
        { find: "$lib", replacement: at("src/lib") },
        { find: "$stores", replacement: at("src/stores") },
        { find: "$views", replacement: at("src/views") },
      ],
      // Vitest would otherwise take Svelte's build for servers.
      ...(process.env["VITEST"] ? { conditions: ["browser"] } : {}),
    },
    build: {
      outDir: mode === "production" ? "dist" : `dist-${mode}`,
      emptyOutDir: true,
      target: ["safari16"],
      sourcemap: false,
      // Under font-src 'self' and script-src 'self' nothing may come from a data: address or an inline script.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    server: {
      port: 5173,
      strictPort: true,
      proxy:
        mode === "bridge" ? Object.fromEntries(["/invoke", "/events"].map((path) => [path, bridge])) : {},
    },
    preview: { headers: { "Content-Security-Policy": csp } },
    test: { environment: "happy-dom", include: ["src/**/*.test.ts"] },
  };
});
