import { describe, expect, it } from "vitest";
import type { LocationRow } from "../../../src/db/schema/accounts.ts";
import { KeptRow } from "../../../src/location/kept-row.ts";

/** A database whose answers the test gives, in any order. */
function database() {
  const reads: PromiseWithResolvers<LocationRow | null>[] = [];
  const clock = { now: 0 };
  const row = new KeptRow(
    () => {
      const read = Promise.withResolvers<LocationRow | null>();
      reads.push(read);
      return read.promise;
    },
    () => clock.now,
  );
  const answer = (read: number, name: string) => reads[read]?.resolve({ name } as LocationRow);
  return { row, reads, clock, answer };
}

describe("the store's row in its Location", () => {
  it("the row is read once for all calls of a minute", async () => {
    const { row, reads, clock, answer } = database();
    const calls = [row.recent(), row.recent()];
    answer(0, "A");
    clock.now = 59_999;
    calls.push(row.recent());
    expect((await Promise.all(calls)).map((each) => each?.name)).toEqual(["A", "A", "A"]);
    expect(reads).toHaveLength(1);
    clock.now = 60_000;
    const later = row.recent();
    answer(1, "B");
    expect((await later)?.name).toBe("B");
  });

  it("the row is read again after the clock was set back: nobody knows how old it is", async () => {
    const { row, reads, clock, answer } = database();
    clock.now = 3_600_000;
    const first = row.recent();
    answer(0, "A");
    await first;
    clock.now = 0;
    const later = row.recent();
    answer(1, "B");
    expect((await later)?.name).toBe("B");
    expect(reads).toHaveLength(2);
  });

  it("the row is read again for a caller that needs its present state, and then kept for the others", async () => {
    const { row, reads, answer } = database();
    const first = row.recent();
    answer(0, "A");
    await first;
    const now = row.fresh();
    answer(1, "B");
    expect((await now)?.name).toBe("B");
    expect((await row.recent())?.name).toBe("B");
    expect(reads).toHaveLength(2);
  });

  it("the row is the new one after a change, even if an earlier read ends later", async () => {
    const { row, answer } = database();
    const before = row.recent();
    row.forget();
    const after = row.recent();
    answer(1, "new");
    expect((await after)?.name).toBe("new");
    answer(0, "old");
    expect((await before)?.name).toBe("old");
    expect((await row.recent())?.name).toBe("new");
  });

  it("the row is read again after a read that failed", async () => {
    const { row, reads, answer } = database();
    const failed = row.recent();
    reads[0]?.reject(new Error("D1 is away"));
    await expect(failed).rejects.toThrow("D1 is away");
    const again = row.recent();
    answer(1, "A");
    expect((await again)?.name).toBe("A");
  });

  it("the row stays kept if an older read fails", async () => {
    const { row, reads, answer } = database();
    const old = row.recent();
    const fresh = row.fresh();
    answer(1, "A");
    await fresh;
    reads[0]?.reject(new Error("D1 is away"));
    await expect(old).rejects.toThrow("D1 is away");
    expect((await row.recent())?.name).toBe("A");
    expect(reads).toHaveLength(2);
  });

  it("a missing row is kept, too", async () => {
    const { row, reads } = database();
    const none = row.recent();
    reads[0]?.resolve(null);
    expect(await none).toBeNull();
    expect(await row.recent()).toBeNull();
    expect(reads).toHaveLength(1);
  });
});
