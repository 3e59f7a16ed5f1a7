import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [process.env["VIGIL_BROWSER"] ?? "tests/{behaviour,calls,channels,door}.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    maxConcurrency: 3,
  },
});
