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
          yes: [{ text: "no plaintext", strong: false }],
          no: [
            { text: "an open profile", strong: true },
            { text: " shows all", strong: false },
          ],
        },
        { topic: "Deniability", yes: [], no: [{ text: "logs are signed", strong: true }] },
      ],
      also: [[{ text: "There is no Tor yet.", strong: false }]],
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
    expect(claims.also.flat().some(({ text }) => text.includes("Nobody outside has audited"))).toBe(true);
  });

  it("leave no markup behind", () => {
    expect(JSON.stringify(claims)).not.toMatch(/\*\*|`|\]\(/);
  });
});
