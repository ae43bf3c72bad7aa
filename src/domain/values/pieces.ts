/** A text in pieces of at most so many characters (2 or more), none cut within a sign. */
export function* pieces(text: string, characters: number): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const piece = text.slice(at, at + characters);
    const whole = piece.length < characters || piece.isWellFormed() ? piece : piece.slice(0, -1);
    yield whole;
    at += whole.length;
  }
}
