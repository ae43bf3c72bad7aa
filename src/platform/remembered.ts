import { isWithin } from "../domain/clock.ts";

/**
 * An answer for each key, asked anew when it is older than this, ms. The answer is kept, never its promise: a promise of
 * another request may never settle, because its sender went away.
 */
export function rememberedFor<Key extends object, Answer>(ms: number) {
  const known = new WeakMap<Key, { answer: Answer; at: number }>();
  return async (key: Key, ask: () => Promise<Answer>): Promise<Answer> => {
    const last = known.get(key);
    if (last !== undefined && isWithin(last.at, ms, Date.now())) return last.answer;
    const answer = await ask();
    known.set(key, { answer, at: Date.now() });
    return answer;
  };
}
