import { expect, it } from "vitest";
import { rollback } from "../../../../scripts/support/shipping/rollback.ts";
import { run } from "../../../../scripts/support/shipping/run.ts";
import { type Answers, fakeCommands } from "./fake-commands.ts";

const NEW = "0a1b2c3d-0000-4000-8000-000000000002";
const OLD = "0a1b2c3d-0000-4000-8000-000000000001";
const deployments = JSON.stringify(
  [OLD, NEW].map((version_id, minute) => ({
    created_on: `2026-11-26T10:0${minute}:00.000Z`,
    versions: [{ version_id, percentage: 100 }],
  })),
);
const view = (...types: string[]) => JSON.stringify({ resources: { bindings: types.map((type) => ({ type })) } });

function tried(answers: Answers, given: { version?: string; dry?: boolean } = {}) {
  const commands = fakeCommands([
    ...answers,
    ["wrangler deployments list *", deployments],
    ["wrangler versions view *", view("d1", "secret_text")],
    ["wrangler versions deploy *", "SUCCESS"],
  ]);
  const said: string[] = [];
  let failure: string | null = null;
  try {
    rollback({ env: "staging", version: null, dry: false, ...given }, run, (line) => void said.push(line));
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  return { failure, said, changes: commands().filter((line) => line.startsWith("wrangler versions deploy")) };
}

it("the version before gets all traffic, and its triggers are named", () => {
  const { failure, said, changes } = tried([]);
  expect(failure).toBeNull();
  expect(changes).toEqual([`wrangler versions deploy ${OLD}@100% --env staging --yes`]);
  expect(said[0]).toBe(`Version ${OLD} has all traffic.`);
});

it("a dry run changes nothing", () => {
  expect(tried([], { dry: true })).toEqual({
    failure: null,
    said: [`Would give version ${OLD} all traffic.`],
    changes: [],
  });
});

it.each([undefined, OLD])("what only held the secrets before the first deployment gets no traffic: %s", (version) => {
  const { failure, changes } = tried(
    [["wrangler versions view *", view("secret_text", "secret_text")]],
    version === undefined ? {} : { version },
  );
  expect(failure).toMatch(/^There is no version to go back to: .* only held the secrets/);
  expect(changes).toEqual([]);
});

it.each([
  ["other secrets", "The following secrets have changed: CREDENTIAL_KEYS [code: 10220]", true],
  ["anything else", "Authentication error [code: 10000]", false],
])("a refusal because of %s is told, with what to do", (_, output, isSecrets) => {
  const { failure } = tried([["wrangler versions deploy *", output, 1]]);
  expect(failure).toContain(output);
  expect(failure?.includes("Check out its commit and deploy that: it gets today's secrets.")).toBe(isSecrets);
});
