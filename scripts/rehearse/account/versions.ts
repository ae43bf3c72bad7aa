import { randomUUID } from "node:crypto";
import { type Account, type Binding, Refusal, type Version, type Worker } from "./account.ts";
import { filesOf } from "./files.ts";

/** The part `metadata` of an upload. */
interface Metadata {
  main_module: string;
  bindings?: Binding[];
  compatibility_date?: string;
  compatibility_flags?: string[];
  annotations?: Record<string, string>;
  exports?: Record<string, { type: string }>;
  assets?: { jwt: string; config: NonNullable<Version["assets"]>["config"] };
}

export const SECRET = "secret_text";
export const secretsOf = (version: Version | undefined): Binding[] =>
  (version?.bindings ?? []).filter(({ type }) => type === SECRET);

/** The version of an upload. Only one that is deployed at once makes the classes that it declares. */
export async function uploaded(
  account: Account,
  worker: Worker,
  form: FormData,
  isDeployed: boolean,
): Promise<Version> {
  const metadata = JSON.parse(String(form.get("metadata"))) as Metadata;
  const modules = new Map<string, Buffer>();
  for (const [name, part] of form) if (part instanceof File) modules.set(name, Buffer.from(await part.arrayBuffer()));
  const { bindings = [], exports = {}, assets } = metadata;
  const classes = Object.keys(exports).filter((name) => exports[name]?.type === "durable-object");
  const last = worker.versions.at(-1);
  // Wrangler inherits the required secrets, and what it need not look up: queues that are bound already.
  const inherited = bindings.flatMap(({ name, type }) => {
    if (type !== "inherit") return [];
    const found = last?.bindings.find((each) => each.name === name);
    if (found === undefined) throw new Refusal(400, 10056, `inherit binding '${name}' is invalid`);
    return [found];
  });
  const own = bindings.filter(({ type }) => type !== "inherit");
  for (const binding of own) mayBind(account, binding, isDeployed ? classes : [...worker.classes]);
  const named = [...own, ...inherited];
  const kept = secretsOf(last).filter(({ name }) => !named.some((each) => each.name === name));
  return added(account, worker, {
    annotations: { "workers/triggered_by": "upload", ...metadata.annotations },
    main: metadata.main_module,
    modules,
    bindings: [...named, ...kept],
    compatibility_date: metadata.compatibility_date,
    compatibility_flags: metadata.compatibility_flags ?? [],
    classes,
    assets: assets === undefined ? null : { config: assets.config, files: filesOf(account, assets.jwt) },
  });
}

function mayBind(account: Account, binding: Binding, classes: readonly string[]): void {
  const { name, type } = binding;
  if (type === "d1" && ![...account.databases.values()].some(({ uuid }) => uuid === binding.id))
    throw new Refusal(400, 10021, `binding ${name} of type d1 must have a valid \`id\` specified`);
  if (type === "queue" && !account.queues.has(String(binding.queue_name)))
    throw new Refusal(400, 10021, `binding ${name}: the queue ${binding.queue_name} does not exist`);
  if (type === "durable_object_namespace" && !classes.includes(String(binding.class_name)))
    throw new Refusal(
      400,
      100406,
      `The binding ${name} depends on the class ${binding.class_name}, which no deployment made.`,
    );
}

export function added(
  account: Account,
  worker: Worker,
  version: Omit<Version, "id" | "number" | "created_on">,
): Version {
  const made = { ...version, id: randomUUID(), number: worker.versions.length + 1, created_on: account.now() };
  worker.versions.push(made);
  return made;
}
