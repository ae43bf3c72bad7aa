import { describe, expect, it } from "vitest";
import { MAX_PAGE_BYTES } from "../../../src/domain/bounds.ts";

// By its address: this project's types are node's, the app's are workerd's.
const { listed } = await import(new URL("../../../src/api/answers/numbered.ts", import.meta.url).href);

const row = (id: number, bytes: number) => ({ id, text: "x".repeat(bytes) });

/** A numbered page of a list with these rows. */
const pageOf = (rows: { id: number }[], limit: number) =>
  listed(
    { limit, page: 1 },
    {
      start: null,
      read: async () => rows.slice(0, limit),
      count: async () => rows.length,
      keyOf: ({ id }: { id: number }) => [id],
    },
  );

describe("a numbered page", () => {
  it("a page of small rows has all of them", async () => {
    const rows = Array.from({ length: 500 }, (_, id) => row(id, 100));
    expect((await pageOf(rows, 500)).data).toHaveLength(500);
  });

  it("a page and a cursor together are refused: the cursor would lead to the same page for ever", async () => {
    const asked = { start: ["x"], read: async () => [], count: async () => 0, keyOf: () => ["x"] };
    await expect(listed({ limit: 1, page: 1 }, asked)).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      message: "cursor: cannot be used with `page`: leave one of them out",
    });
  });

  it.each([
    ["rows of a megabyte", 10, 1_000_000, 3],
    ["rows of a quarter", 40, MAX_PAGE_BYTES / 4, 3],
    ["rows larger than a page", 2, MAX_PAGE_BYTES, 1],
  ])(
    "%s are refused, with how many fit, because a shorter page would leave out rows",
    async (_, count, bytes, most) => {
      const rows = Array.from({ length: count }, (_, id) => row(id, bytes));
      await expect(pageOf(rows, count)).rejects.toMatchObject({
        code: "INVALID_REQUEST",
        message: `limit: must be at most ${most} here: these rows are large`,
      });
      expect((await pageOf(rows, most)).data).toHaveLength(most);
    },
  );
});
