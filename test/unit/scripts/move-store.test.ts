import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { promisify } from "node:util";
import { expect, it } from "vitest";

interface Answer {
  status?: number;
  body: object;
}
const MOVE = { from: "00", to: "01", state: "clearing", switched: true, rows_copied: 9, error: null };
const refusal = (message: string): Answer => ({
  status: 409,
  body: { error: { code: "CONFLICT", message, details: {} } },
});

/** What the command prints, and its exit code, when the service gives these answers in turn. */
async function run(script: string, answers: readonly Answer[], more: readonly string[] = []) {
  const left = [...answers];
  const server = createServer((_, response) => {
    const { status = 200, body } = left.shift() ?? { status: 500, body: {} };
    response.writeHead(status).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const args = ["--import", "tsx", `scripts/${script}.ts`, "--url", `http://127.0.0.1:${port}`, ...more];
  try {
    const env = { ...process.env, REUP_TOKEN: "t" };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env });
    return { code: 0, text: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: stdout + stderr };
  } finally {
    server.close();
  }
}

it.each([
  ["has switched", [MOVE], 0, "The records are on 01."],
  ["is done", [{ ...MOVE, state: "done" }], 0, "The rows on 00 are deleted."],
  ["has switched, but cannot delete yet", [{ ...MOVE, error: "away" }], 0, "tried again: away"],
  ["is given up", [{ ...MOVE, switched: false, error: "away" }], 1, "given up: away"],
  ["has failed", [{ ...MOVE, state: "failed", switched: false, error: "away" }], 1, "given up: away"],
  [
    "is not decided yet, after failures",
    [{ ...MOVE, switched: null, error: "lost" }, MOVE],
    0,
    "clearing, 9 rows (lost)\nThe records are on 01.",
  ],
])("The command that moves a store says that it %s", async (_, moves, code, words) => {
  const ended = await run(
    "move-store",
    moves.map((body) => ({ body })),
    ["--location", "loc_1", "--to", "01"],
  );
  expect(ended).toEqual({ code, text: expect.stringContaining(words) });
});

it.each([
  ["was read whole", ["completed", "completed", "completed"], null, 0, "now replays the webhooks"],
  [
    "was not verified",
    ["completed", "completed", "failed"],
    "The verification broke off.",
    0,
    "now replays the webhooks",
  ],
  [
    "lacks its packages",
    ["completed", "failed", "pending"],
    "The rebuild continues by itself.",
    1,
    "continues by itself",
  ],
])(
  "The command that rebuilds a store says that it %s",
  async (_, [products = "", inventory = "", verify = ""], message, code, words) => {
    const phases = Object.entries({ products, inventory, verify }).map(([resource, state]) => ({ resource, state }));
    const error = message === null ? null : { message, hint: "Wait." };
    const ended = await run(
      "rebuild",
      [{ body: { run_id: "run_1", state: "completed_with_errors", phases, error } }],
      ["--location", "loc_1"],
    );
    expect(ended).toEqual({ code, text: expect.stringContaining(words) });
    expect(ended.text.includes("now replays")).toBe(code === 0);
  },
);

it.each([
  ["move-store", ["--location", "loc_1", "--to", "01"], refusal("This store is being moved already.")],
  ["move-store", ["--location", "loc_1"], { status: 404, body: { error: { message: "There is no such move." } } }],
  ["rebuild", ["--location", "loc_1"], refusal("A run is under way.")],
  ["rotate-credentials", [], { status: 403, body: { error: { message: "Not with this role." } } }],
])("The command %s %j ends with the service's words when it is refused", async (script, more, answer) => {
  const { code, text } = await run(script, [answer], more);
  expect(code).toBe(1);
  const { message } = (answer.body as { error: { message: string } }).error;
  expect(text.trim().split("\n")).toEqual([
    expect.stringMatching(new RegExp(`^\\w+ /v1/.* answered \\d{3}: ${message}$`)),
  ]);
});
