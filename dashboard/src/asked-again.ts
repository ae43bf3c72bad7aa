/** What was asked to be added, and the Idempotency-Key that it was asked with. */
export interface Asked {
  body: string;
  key: string;
}

/** If the answer got lost and a person asks for the same again, the key is the same, so it is added once. */
export function askedAgain(before: Asked | null, json: unknown): Asked {
  const body = JSON.stringify(json);
  // `crypto.randomUUID` is there only on pages that came by https.
  return before?.body === body ? before : { body, key: crypto.getRandomValues(new Uint32Array(4)).join("-") };
}
