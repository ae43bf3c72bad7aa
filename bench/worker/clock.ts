/** The Worker's clock, which the bench moves on: a day of polls need not take a day. */
const real = Date.now;
let ahead_ms = 0;

/** The machine's own time, ms. */
export const realNow = (): number => real.call(Date);

export function setClock(ms: number): void {
  ahead_ms = ms;
  Date.now = () => realNow() + ahead_ms;
}
