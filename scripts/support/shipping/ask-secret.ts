import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** Asks for a secret in a terminal, and does not show what is entered. Null: nobody answered. */
export function askSecret(
  name: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string | null> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  // As a terminal, readline shows what is entered itself, and it shows it nowhere.
  const lines = createInterface({ input, output: nowhere, terminal: true });
  output.write(`${name} (not shown): `);
  return new Promise((resolve) => {
    lines.once("line", (line) => {
      resolve(line);
      lines.close();
    });
    // Ctrl C and Ctrl D close it; after a line this changes nothing.
    lines.once("close", () => {
      output.write("\n");
      resolve(null);
    });
  });
}
