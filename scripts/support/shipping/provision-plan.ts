import type { Account } from "./account.ts";
import type { Deployed, Environment } from "./environment.ts";

/** What an operator says, and wrangler.toml does not. */
export interface Wish {
  /** The host of the Worker's address; null: the one in wrangler.toml stays. */
  host: string | null;
  /** The sender of alerts by e-mail; null: the one in wrangler.toml stays. */
  email_from: string | null;
}

export type Step =
  | { do: "create_database"; name: string }
  /** Writes the id of a database that exists. */
  | { do: "write_id"; name: string; id: string }
  | { do: "create_queue"; name: string }
  | { do: "write_address"; host: string }
  | { do: "write_sender"; address: string }
  /** A key ring is made here and shown once; a secret that somebody else must know, too, is asked for. */
  | { do: "make_keys" }
  | { do: "ask_secret"; name: string };

/** What is missing, in the order in which it is made. Empty: nothing, and a second run changes nothing. */
export function provisionSteps(config: Environment, account: Account, wish: Wish): Step[] {
  const steps: Step[] = [];
  for (const { database_name: name, database_id } of config.d1_databases) {
    const id = account.databases.get(name);
    if (id === undefined) steps.push({ do: "create_database", name });
    else if (id !== database_id) steps.push({ do: "write_id", name, id });
  }
  // Dead letters first: the others name them.
  const queues = config.queues.consumers.map(({ queue }) => queue).filter((name) => !account.queues.has(name));
  for (const name of queues.sort((a, b) => Number(b.includes("-dead-letters-")) - Number(a.includes("-dead-letters-"))))
    steps.push({ do: "create_queue", name });
  const routes = config.routes?.map(({ pattern }) => pattern) ?? [];
  if (wish.host !== null && (config.vars.PUBLIC_URL !== `https://${wish.host}` || !routes.includes(wish.host)))
    steps.push({ do: "write_address", host: wish.host });
  if (wish.email_from !== null && config.vars.ALERT_EMAIL_FROM !== wish.email_from)
    steps.push({ do: "write_sender", address: wish.email_from });
  // Keys that are there are never replaced: what they sealed could not be opened any more.
  if (!account.secrets.has("CREDENTIAL_KEYS")) steps.push({ do: "make_keys" });
  if (!account.secrets.has("AUTH_JWT_SECRET") && !config.vars.AUTH_JWKS_URL)
    steps.push({ do: "ask_secret", name: "AUTH_JWT_SECRET" });
  return steps;
}

/** A step in an operator's words. */
export function stepInWords(step: Step, env: Deployed): string {
  switch (step.do) {
    case "create_database":
      return `create the database ${step.name}, and write its id into wrangler.toml`;
    case "write_id":
      return `write the id of the database ${step.name} into wrangler.toml`;
    case "create_queue":
      return `create the queue ${step.name}`;
    case "write_address":
      return `write the address https://${step.host} and its route into wrangler.toml`;
    case "write_sender":
      return `write ${step.address}, the sender of alerts, into wrangler.toml`;
    case "make_keys":
      return `make CREDENTIAL_KEYS of ${env}, store it and show it once`;
    case "ask_secret":
      return `ask for ${step.name} and store it`;
  }
}
