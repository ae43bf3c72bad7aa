import { beforeEach, describe, expect, it, vi } from "vitest";
import { type KnownStore, KnownStores } from "../../../src/api/webhooks/known-stores.ts";
import { generateSecret, signatureKey } from "../../../src/dutchie/webhook/signature.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const NOW = 1_800_000_000_000;

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});

/** A database that answers with what is set, and counts how often it is asked. */
function database(first: KnownStore | null) {
  const it = { store: first, isAway: false, asked: 0 };
  const stores = new KnownStores(async () => {
    it.asked += 1;
    if (it.isAway) throw new Error("D1_ERROR: Network connection lost.");
    return it.store;
  });
  return { it, stores };
}

const key = await signatureKey("standard", generateSecret());
if (key === null) throw new Error("A generated secret makes a key.");
const store = (keepsCustomers = false): KnownStore => ({
  keys: [{ scheme: { kind: "standard" }, key, until: null }],
  keepsCustomers,
});

describe("the stores that the door knows", () => {
  it("asks the database once a minute for a store, however many webhooks come", async () => {
    const { it: db, stores } = database(store());
    for (let at = 0; at < MINUTE; at += SECOND) expect(await stores.find("a", () => NOW + at)).toBe(db.store);
    expect(db.asked).toBe(1);
    db.store = store(true);
    expect(await stores.find("a", () => NOW + MINUTE)).toEqual(store(true));
    expect(db.asked).toBe(2);
  });

  it("asks again after the clock was set back: a secret that leaked does not work longer", async () => {
    const { it: db, stores } = database(store());
    await stores.find("a", () => NOW);
    db.store = null;
    expect(await stores.find("a", () => NOW - HOUR)).toBeNull();
  });

  it("keeps no store that is unknown or disconnected, so that a new one works at once", async () => {
    const { it: db, stores } = database(null);
    expect(await stores.find("a", () => NOW)).toBeNull();
    db.store = store();
    expect(await stores.find("a", () => NOW)).toEqual(store());
    db.store = null;
    expect(await stores.find("a", () => NOW + MINUTE)).toBeNull();
    expect(await stores.find("a", () => NOW + MINUTE)).toBeNull();
    expect(db.asked).toBe(4);
  });

  it.each([
    ["in the first minute", 0, 30 * SECOND],
    ["after 59 minutes", 59 * MINUTE, SECOND],
    ["an hour and a second after it was read", HOUR - SECOND, null],
  ])("F67: while the database is away, a known store stays known: %s", async (_, at, then) => {
    const { it: db, stores } = database(store());
    await stores.find("a", () => NOW);
    db.isAway = true;
    expect(await stores.find("a", () => NOW + at)).toBe(db.store);
    if (then === null) await expect(stores.find("a", () => NOW + HOUR + SECOND)).rejects.toThrow("connection lost");
    else expect(await stores.find("a", () => NOW + at + then)).toBe(db.store);
  });

  it("F67: a store that is not known fails while the database is away: nobody says that it does not exist", async () => {
    const { it: db, stores } = database(store());
    db.isAway = true;
    await expect(stores.find("a", () => NOW)).rejects.toThrow("connection lost");
    db.isAway = false;
    expect(await stores.find("a", () => NOW)).toBe(db.store);
  });

  it("F67: a database that is away is asked once a second for a store, and that it answers again is seen at once", async () => {
    const { it: db, stores } = database(store());
    await stores.find("a", () => NOW);
    db.isAway = true;
    for (let at = 0; at < 10 * SECOND; at += 100) await stores.find("a", () => NOW + MINUTE + at);
    expect(db.asked).toBe(11);
    db.isAway = false;
    db.store = store(true);
    expect(await stores.find("a", () => NOW + MINUTE + 11 * SECOND)).toEqual(store(true));
  });

  it("F67: a database that never answers is given two seconds", async () => {
    vi.useFakeTimers();
    const stores = new KnownStores(() => new Promise(() => undefined));
    const failed = expect(stores.find("a", () => NOW)).rejects.toThrow("no answer within 2000 ms");
    await vi.advanceTimersByTimeAsync(2_000);
    await failed;
    vi.useRealTimers();
  });

  it("reads again after a signature that did not match, at most once a second", async () => {
    const { it: db, stores } = database(store());
    await stores.find("a", () => NOW);
    db.store = store(true);
    expect(await stores.findAgain("a", () => NOW)).toEqual(store(true));
    for (let at = 0; at < SECOND; at += 100) expect(await stores.findAgain("a", () => NOW + at)).toEqual(store(true));
    expect(db.asked).toBe(2);
    expect(await stores.findAgain("a", () => NOW + SECOND)).toEqual(store(true));
    expect(db.asked).toBe(3);
  });

  it("F67: a signature that did not match fails while the database is away, for the secret may be a new one", async () => {
    const { it: db, stores } = database(store());
    await stores.find("a", () => NOW);
    db.isAway = true;
    await expect(stores.findAgain("a", () => NOW + 10)).rejects.toThrow("connection lost");
    await expect(stores.findAgain("a", () => NOW + 20)).rejects.toThrow("did not answer");
    expect(db.asked).toBe(2);
    db.isAway = false;
    expect(await stores.findAgain("a", () => NOW + 10 + SECOND)).toBe(db.store);
    expect(db.asked).toBe(3);
  });

  describe("F67: while a wrong signature makes the door read a store, another webhook's new secret is not refused", () => {
    /** A known store whose secret was replaced elsewhere; a wrong signature has made the door begin to read it again. */
    async function doubted() {
      const time = { now: NOW };
      const clock = () => time.now;
      const reads: { answer: (found: KnownStore | null) => void; fail: (error: Error) => void }[] = [];
      const stores = new KnownStores(
        () => new Promise((answer, fail) => reads.push({ answer: (found) => answer(found), fail })),
      );
      const first = stores.find("a", clock);
      reads[0]?.answer(store());
      await first;
      const wrong = stores.findAgain("a", clock);
      return { time, clock, reads, stores, wrong, again: () => stores.findAgain("a", clock) };
    }

    it.each([
      ["at the same time", 0],
      ["while the first read lasts", 400],
      ["after a second, while the first read lasts", 1_500],
    ])("F67: it comes %s: it reads for itself", async (_, ms) => {
      const { time, reads, again, wrong } = await doubted();
      time.now += ms;
      const genuine = again();
      reads[2]?.answer(store(true));
      expect(await genuine).toEqual(store(true));
      reads[1]?.answer(store());
      await wrong;
      // The older read does not bring the older secret back.
      expect(await again()).toEqual(store(true));
    });

    it("F67: it was tried with the old secret when the first read brought the new one", async () => {
      const { stores, clock, reads, again, wrong } = await doubted();
      expect(await stores.find("a", clock)).toEqual(store());
      reads[1]?.answer(store(true));
      await wrong;
      expect(await again()).toEqual(store(true));
      expect(reads).toHaveLength(2);
    });

    it("F67: the store was forgotten meanwhile: it is read", async () => {
      const { stores, reads, again } = await doubted();
      stores.forget("a");
      const genuine = again();
      reads[2]?.answer(store(true));
      expect(await genuine).toEqual(store(true));
    });

    it("F67: the database hangs: everybody is told to come again, and for a second from its end nobody waits for it", async () => {
      vi.useFakeTimers();
      const { time, reads, again, wrong } = await doubted();
      const genuine = again();
      const both = Promise.all([
        expect(wrong).rejects.toThrow("no answer within 2000 ms"),
        expect(genuine).rejects.toThrow("no answer within 2000 ms"),
      ]);
      time.now += 2_000;
      await vi.advanceTimersByTimeAsync(2_000);
      await both;
      for (const ms of [0, 500, 499]) {
        time.now += ms;
        await expect(again()).rejects.toThrow("did not answer just now");
      }
      expect(reads).toHaveLength(3);
      time.now += 1;
      const next = again();
      reads[3]?.answer(store(true));
      expect(await next).toEqual(store(true));
      vi.useRealTimers();
    });

    it("F67: a read that fails after a later one was answered pauses nothing", async () => {
      const { time, reads, again, wrong } = await doubted();
      time.now += 10;
      const genuine = again();
      reads[2]?.answer(store(true));
      await genuine;
      reads[1]?.fail(new Error("D1_ERROR: Network connection lost."));
      await expect(wrong).rejects.toThrow("connection lost");
      expect(await again()).toEqual(store(true));
    });
  });

  it("F67: a database that hangs delays a known store's webhooks once, and then not for a second from its end", async () => {
    vi.useFakeTimers();
    const time = { now: NOW };
    const db = { isHanging: false, asked: 0 };
    const stores = new KnownStores(async () => {
      db.asked += 1;
      return db.isHanging ? new Promise(() => undefined) : store();
    });
    await stores.find("a", () => time.now);
    db.isHanging = true;
    time.now += MINUTE;
    const late = stores.find("a", () => time.now);
    time.now += 2_000;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await late).toEqual(store());
    for (const ms of [0, 999]) {
      time.now += ms;
      expect(await stores.find("a", () => time.now)).toEqual(store());
    }
    expect(db.asked).toBe(2);
    vi.useRealTimers();
  });

  it("does not keep what a read found that began before the store was changed", async () => {
    let answer: (found: KnownStore) => void = () => undefined;
    let asked = 0;
    const stores = new KnownStores(() => {
      asked += 1;
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    const first = stores.find("a", () => NOW);
    stores.forget("a");
    answer(store());
    expect(await first).toEqual(store());
    const second = stores.find("a", () => NOW + 1);
    answer(store(true));
    expect(await second).toEqual(store(true));
    expect(await stores.find("a", () => NOW + 2)).toEqual(store(true));
    expect(asked).toBe(2);
  });

  it("keeps the newer of two reads, whichever ends first", async () => {
    const answers: ((found: KnownStore) => void)[] = [];
    const stores = new KnownStores(() => new Promise((resolve) => answers.push(resolve)));
    const [older, newer] = [stores.find("a", () => NOW), stores.find("a", () => NOW + 5)];
    answers[1]?.(store(true));
    await newer;
    answers[0]?.(store());
    await older;
    expect(await stores.find("a", () => NOW + 10)).toEqual(store(true));
  });

  it("knows 2,000 stores and forgets the one that was not used for the longest time", async () => {
    let asked = 0;
    const stores = new KnownStores(async () => {
      asked += 1;
      return store();
    });
    for (let n = 0; n < 2_000; n++) await stores.find(`loc_${n}`, () => NOW);
    await stores.find("loc_0", () => NOW);
    await stores.find("loc_new", () => NOW);
    expect(asked).toBe(2_001);
    await stores.find("loc_0", () => NOW);
    expect(asked).toBe(2_001);
    await stores.find("loc_1", () => NOW);
    expect(asked).toBe(2_002);
  });
});
