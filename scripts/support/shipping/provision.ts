import { randomBytes } from "node:crypto";
import { configProblems } from "../../../src/env.ts";
import { createArgs } from "../wrangler-shards.ts";
import { readAccount } from "./account.ts";
import { type Deployed, readEnvironment } from "./environment.ts";
import { provisionSteps, type Step, stepInWords, type Wish } from "./provision-plan.ts";
import { must, type Run, StepFailed } from "./run.ts";
import { withAddress, withDatabaseId, withSender } from "./toml.ts";

export interface Hands {
  /** The path of wrangler.toml. */
  config: string;
  run: Run;
  read: () => string;
  write: (toml: string) => void;
  /** Asks the operator for a secret; null: nobody is there to ask. */
  ask: (name: string) => Promise<string | null>;
  say: (line: string) => void;
}

/** Makes what an environment lacks; each step is written down before the next one. Throws `StepFailed`. */
export async function provision(env: Deployed, wish: Wish, dry: boolean, hands: Hands): Promise<void> {
  const config = readEnvironment(env, hands.config);
  const steps = provisionSteps(config, readAccount(hands.run, env, config), wish);
  if (steps.length === 0) hands.say("Nothing is missing.");
  for (const step of steps) {
    hands.say(`${dry ? "Would" : "Now:"} ${stepInWords(step, env)}.`);
    if (!dry) await take(step, env, hands);
  }
}

async function take(step: Step, env: Deployed, hands: Hands): Promise<void> {
  const { run } = hands;
  const edit = (change: (toml: string) => string) => hands.write(change(hands.read()));
  switch (step.do) {
    case "create_database": {
      const id = createDatabase(run, createArgs({ database_name: step.name }));
      edit((toml) => withDatabaseId(toml, env, step.name, id));
      return;
    }
    case "write_id":
      edit((toml) => withDatabaseId(toml, env, step.name, step.id));
      return;
    case "create_queue":
      must(run, "wrangler", ["queues", "create", step.name]);
      return;
    case "write_address":
      edit((toml) => withAddress(toml, env, step.host));
      return;
    case "write_sender":
      edit((toml) => withSender(toml, env, step.address));
      return;
    case "make_keys": {
      const keys = JSON.stringify({ k1: randomBytes(32).toString("base64") });
      // Before they are stored: keys that are stored and not known would be lost with the answer.
      hands.say(`CREDENTIAL_KEYS of ${env}: ${keys}`);
      hands.say("Keep it in a safe place: it is shown this once, and without it no stored credential can be opened.");
      must(run, "wrangler", ["secret", "put", "CREDENTIAL_KEYS", "--env", env], `${keys}\n`);
      return;
    }
    case "ask_secret": {
      const value = (await hands.ask(step.name))?.trim() ?? "";
      if (value === "")
        throw new StepFailed(
          `${step.name} is still missing: run this where somebody can enter it, or set it in the environment.`,
        );
      // As the Worker will judge it; what else is wrong is told by the deployment.
      const { vars } = readEnvironment(env, hands.config);
      const problem = configProblems({ ...vars, [step.name]: value }).find(({ name }) => name === step.name);
      if (problem !== undefined) throw new StepFailed(`${step.name} ${problem.message}. Nothing was stored for it.`);
      must(run, "wrangler", ["secret", "put", step.name, "--env", env], `${value}\n`);
    }
  }
}

/** Creates a database. Returns its id. */
export function createDatabase(run: Run, args: readonly string[]): string {
  const output = must(run, "wrangler", args);
  const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(output)?.[0];
  if (id === undefined) throw new StepFailed(`wrangler did not print the database's id:\n${output.trim()}`);
  return id;
}
