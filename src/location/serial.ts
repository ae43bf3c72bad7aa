/**
 * One at a time, in order of arrival. A Durable Object's input gates cover its own storage only: calls interleave
 * across `await` on D1, and two interleaved "read, decide, write" would decide on what the other is about to change.
 */
export class Serial {
  private tail: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.tail.then(task);
    // The next waits for the end of this one, whichever way it ends; its own caller gets the error.
    this.tail = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}
