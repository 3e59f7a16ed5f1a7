import { describe, expect, it, vi } from "vitest";
import type { Backend, Cell } from "$lib/backend";
import { Cells } from "./cells.svelte";

function cell(name: string, part: Partial<Cell> = {}): Cell {
  return {
    cell: name,
    name,
    displayName: "Alice",
    members: 3,
    reachable: 0,
    unread: 0,
    state: "member",
    suite: "xwing",
    lifetimeS: 0,
    lan: false,
    last: null,
    ...part,
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

function cellsOf(list: Cell[]) {
  const cellList = vi.fn<Backend["cellList"]>(async () => list);
  const cellDismissWarning = vi.fn<Backend["cellDismissWarning"]>(async () => null);
  const backend: Partial<Backend> = {
    cellList,
    cellDismissWarning,
    cellWarnings: async (cell) => (cell === "warned" ? ["equivocation", "of_the_future"] : []),
    netStatus: async () => ({ online: true, cells: [], channels: [] }),
  };
  return { cells: new Cells(backend as Backend), cellList, cellDismissWarning };
}

describe("the list", () => {
  it("puts cells that are over last", async () => {
    const { cells } = cellsOf([
      cell("a", { state: "removed" }),
      cell("b"),
      cell("c", { state: "left" }),
      cell("d"),
    ]);
    await cells.load();
    expect(cells.list.map(({ name }) => name)).toEqual(["b", "d", "a", "c"]);
  });

  it("is read once more, not ten times, for ten notices", async () => {
    const { cells, cellList } = cellsOf([cell("a")]);
    for (let count = 0; count < 10; count++) {
      cells.handleNotice({ type: "message.received", cell: "a", message: String(count) });
    }
    await settled();
    expect(cellList).toHaveBeenCalledTimes(2);
  });

  it("has the warnings of earlier starts, until they are dismissed", async () => {
    const { cells, cellDismissWarning } = cellsOf([cell("a"), cell("warned")]);
    await cells.load();
    expect(cells.warnings.get("a")).toBeUndefined();
    expect(cells.warnings.get("warned")).toEqual(["equivocation"]);
    cells.dismiss("warned", "equivocation");
    expect(cellDismissWarning).toHaveBeenCalledWith("warned", "equivocation");
    await cells.load();
    expect(cells.warnings.get("warned")).toEqual([]);
  });

  it("says why it could not be read, and keeps what it had", async () => {
    const { cells, cellList } = cellsOf([cell("a")]);
    await cells.load();
    cellList.mockRejectedValueOnce({ kind: "storage_damaged", message: "" });
    await cells.load();
    expect(cells.failure).toBe("storage_damaged");
    expect(cells.list).toHaveLength(1);
  });
});

describe("moving", () => {
  it("goes round at both ends", async () => {
    const { cells } = cellsOf([cell("a"), cell("b"), cell("c")]);
    await cells.load();
    expect(cells.neighbour("c", 1, false)).toBe("a");
    expect(cells.neighbour("a", -1, false)).toBe("c");
    expect(cells.neighbour(null, 1, false)).toBe("a");
    expect(cells.neighbour(null, -1, false)).toBe("c");
  });

  it("skips what was read, and stays where nothing is new", async () => {
    const { cells } = cellsOf([cell("a"), cell("b"), cell("c", { unread: 2 })]);
    await cells.load();
    expect(cells.neighbour("a", 1, true)).toBe("c");
    expect(cells.neighbour("c", 1, true)).toBeUndefined();
  });
});

describe("a cell's connections", () => {
  it("catch up from when somebody connects until we have the same", () => {
    const { cells } = cellsOf([cell("a")]);
    cells.handleNotice({ type: "peer.connected", cell: "a", member: "bob" });
    expect(cells.links.get("a")).toEqual({ catchingUp: true, syncedAt: null });
    cells.handleNotice({ type: "cell.synced", cell: "a" }, () => "2026-05-03T12:05:00Z");
    expect(cells.links.get("a")).toEqual({ catchingUp: false, syncedAt: "2026-05-03T12:05:00Z" });
  });

  it("do not catch up with somebody who went away", () => {
    const { cells } = cellsOf([cell("a")]);
    cells.handleNotice({ type: "peer.connected", cell: "a", member: "bob" });
    cells.handleNotice({ type: "peer.disconnected", cell: "a", member: "bob" });
    expect(cells.links.get("a")?.catchingUp).toBe(false);
  });
});

describe("warnings", () => {
  it("stand until they were understood, each once, and unknown ones are not invented", () => {
    const { cells } = cellsOf([cell("a")]);
    for (const kind of ["equivocation", "device_restored", "equivocation", "from_the_future"]) {
      cells.handleNotice({ type: "cell.warning", cell: "a", kind });
    }
    expect(cells.warnings.get("a")).toEqual(["equivocation", "device_restored"]);
    cells.dismiss("a", "equivocation");
    expect(cells.warnings.get("a")).toEqual(["device_restored"]);
  });
});
