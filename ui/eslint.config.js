import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";

/** Forbids imports that match, with a reason a newcomer can act on. */
const forbid = (...patterns) => ({ "no-restricted-imports": ["error", { patterns }] });

const onlyBackendTalksToTauri = {
  group: ["@tauri-apps/*", "**/bindings"],
  message: "Only src/lib/backend talks to Tauri. Use $lib/backend.",
};

export default ts.config(
  { ignores: ["dist", "dist-*", "src/lib/i18n/ids.gen.ts", "src/lib/backend/bindings.ts"] },
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    rules: {
      "svelte/no-at-html-tags": "error",
      // A style attribute is refused by the content security policy.
      "svelte/no-inline-styles": "error",
      // A set that nothing draws from need not be reactive; what is drawn is `$state` by our own rule.
      "svelte/prefer-svelte-reactivity": "off",
      "no-console": "error",
    },
  },
  { files: ["src/**"], rules: forbid(onlyBackendTalksToTauri) },
  { files: ["src/lib/backend/**"], rules: { "no-restricted-imports": "off" } },
  {
    files: ["src/components/shared/**"],
    rules: forbid(onlyBackendTalksToTauri, {
      group: ["$components/*/**", "!$components/shared/**", "$stores/**", "$views/**", "$lib/backend/**"],
      message: "shared/ knows no domain. Move this component to the domain it needs.",
    }),
  },
  {
    files: ["src/components/!(shared)/**"],
    rules: forbid(onlyBackendTalksToTauri, {
      group: ["$views/**"],
      message: "A component may not import a view. Views compose components.",
    }),
  },
  {
    files: ["src/stores/**"],
    rules: forbid(onlyBackendTalksToTauri, {
      group: ["$components/**", "$views/**"],
      message: "A store may not import a component.",
    }),
  },
);
