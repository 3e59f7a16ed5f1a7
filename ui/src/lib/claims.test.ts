import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseClaims } from "./claims";

const small = `# Threat model

## What is protected, and what is not

| | yes | no |
|---|---|---|
| The disk | no \`plaintext\` | **an open profile** shows all |
| Deniability | | **logs are signed** |

There is no Tor
yet.

## Trusted

The operating system.

## Claims register

| id | claim | held by |
|---|---|---|
| READ-1 | A removed member reads nothing. | \`a::b\` |
| READ-2 | A newcomer reads nothing from before. | \`c\`, \`d\` |
| DISK-1 | No plaintext. | \`e\` |
`;

describe("parseClaims", () => {
  it("reads what is protected, what is not, and what stands below", () => {
    expect(parseClaims(small)).toEqual({
      limits: [
        {
          topic: "The disk",
          english: true,
          yes: [{ text: "no plaintext", strong: false }],
          no: [
            { text: "an open profile", strong: true },
            { text: " shows all", strong: false },
          ],
        },
        { topic: "Deniability", english: true, yes: [], no: [{ text: "logs are signed", strong: true }] },
      ],
      also: [{ spans: [{ text: "There is no Tor yet.", strong: false }], english: true }],
      groups: [
        {
          name: "read",
          claims: [
            { id: "READ-1", text: "A removed member reads nothing." },
            { id: "READ-2", text: "A newcomer reads nothing from before." },
          ],
        },
        { name: "disk", claims: [{ id: "DISK-1", text: "No plaintext." }] },
      ],
    });
  });

  it("takes a translation of exactly what it says, and English where that was changed since", () => {
    const translation =
      "Words.\n\n> | The disk | no `plaintext` | **an open profile** shows all |\n\n| Диск | нет | **да** |\n\n" +
      "> | Deniability | | some older words |\n\n| Отрицание | | нет |\n\n> There is no Tor yet.\n\nTor\nпока нет.\n";
    const { limits, also } = parseClaims(small, translation);
    expect(limits.map(({ topic, english }) => [topic, english])).toEqual([
      ["Диск", false],
      ["Deniability", true],
    ]);
    expect(limits[0]?.no).toEqual([{ text: "да", strong: true }]);
    expect(also).toEqual([{ spans: [{ text: "Tor пока нет.", strong: false }], english: false }]);
  });

  it("fails loudly when the document no longer has what it should", () => {
    expect(() => parseClaims("# Threat model")).toThrow("What is protected");
  });
});

describe("the claims of this project", () => {
  const source = readFileSync("../docs/THREAT_MODEL.md", "utf8");
  const claims = parseClaims(source);

  it("are all there", () => {
    const ids = [...source.matchAll(/^\| ([A-Z]+-\d+) \|/gm)].map((match) => match[1]);
    expect(claims.groups.flatMap((group) => group.claims.map(({ id }) => id)).sort()).toEqual(ids.sort());
    expect(ids.length).toBeGreaterThan(20);
  });

  it("come with what is not protected", () => {
    expect(claims.limits.filter(({ no }) => no.length > 0).length).toBeGreaterThan(4);
    expect(
      claims.also
        .flatMap(({ spans }) => spans)
        .some(({ text }) => text.includes("Nobody outside has audited")),
    ).toBe(true);
  });

  it("are said in Russian, but for what was changed a moment ago", () => {
    const { limits, also } = parseClaims(source, readFileSync("limits/ru.md", "utf8"));
    const english = [...limits, ...also].filter((part) => part.english).length;
    expect(english).toBeLessThanOrEqual((limits.length + also.length) / 2);
  });

  it("leave no markup behind", () => {
    expect(JSON.stringify(claims)).not.toMatch(/\*\*|`|\]\(/);
  });
});
