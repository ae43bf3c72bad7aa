import { Hono } from "hono";
import { type Account, type Binding, Refusal, sharesOf, type Version, versionOf, type Worker } from "./account.ts";
import { done } from "./answers.ts";
import { added, SECRET, secretsOf, uploaded } from "./versions.ts";

const newest = <T>(list: readonly T[]): T[] => [...list].reverse();

/** A Worker's versions, deployments and secrets. */
export function workers(account: Account): Hono {
  const api = new Hono();

  api.get("/workers/services/:name", (c) => {
    const { name, tag, tags } = account.worker(c.req.param("name"));
    const script = { id: name, tag, tags, last_deployed_from: "wrangler" };
    return c.json(done({ id: name, default_environment: { environment: "production", script } }));
  });
  api.get("/workers/workers/:name", (c) => {
    const { name, tag } = account.worker(c.req.param("name"));
    return c.json(done({ id: tag, name, subdomain: { enabled: false, previews_enabled: false } }));
  });

  // The upload that is deployed at once; `secret put` makes a Worker with it, too, whose code answers nothing.
  api.put("/workers/scripts/:name", async (c) => {
    const worker = account.ensureWorker(c.req.param("name"));
    const version = await uploaded(account, worker, await c.req.formData(), true);
    const made = version.classes.filter((name) => !worker.classes.has(name));
    for (const name of made) worker.classes.add(name);
    account.deploy(worker, [{ version_id: version.id, percentage: 100 }]);
    return c.json(
      done({
        id: worker.name,
        etag: version.id.replaceAll("-", ""),
        deployment_id: version.id.replaceAll("-", ""),
        startup_time_ms: 20,
        ...(version.classes.length === 0 ? {} : { exports_reconciliation: reconciled(made) }),
      }),
    );
  });

  api.post("/workers/scripts/:name/versions", async (c) => {
    const worker = account.worker(c.req.param("name"));
    const version = await uploaded(account, worker, await c.req.formData(), false);
    return c.json(
      done({
        id: version.id,
        number: version.number,
        startup_time_ms: 20,
        metadata: { has_preview: false },
        resources: { script: { etag: version.id.replaceAll("-", "") } },
      }),
    );
  });
  api.get("/workers/scripts/:name/versions", (c) =>
    c.json(done({ items: newest(account.worker(c.req.param("name")).versions).map(shown) })),
  );
  api.get("/workers/scripts/:name/versions/:id", (c) =>
    c.json(done(shown(versionOf(account.worker(c.req.param("name")), c.req.param("id"))))),
  );

  api.get("/workers/scripts/:name/deployments", (c) =>
    c.json(done({ deployments: newest(account.worker(c.req.param("name")).deployments).map(told) })),
  );
  api.post("/workers/scripts/:name/deployments", async (c) => {
    const worker = account.worker(c.req.param("name"));
    const { versions } = await c.req.json<{ versions: { version_id: string; percentage: number }[] }>();
    mayShare(worker, versions, c.req.query("force") === "true");
    return c.json(done(told(account.deploy(worker, versions))));
  });

  api.get("/workers/scripts/:name/secrets", (c) => {
    const secrets = secretsOf(sharesOf(account.worker(c.req.param("name")))[0]?.version);
    return c.json(done(secrets.map(({ name, type }) => ({ name, type }))));
  });
  api.put("/workers/scripts/:name/secrets", async (c) => {
    const worker = account.worker(c.req.param("name"));
    const secret = await c.req.json<Binding>();
    const last = worker.versions.at(-1);
    // A secret makes a version and deploys it: of a version that nobody has tried yet, that would be too soon.
    if (last === undefined || sharesOf(worker)[0]?.version !== last)
      throw new Refusal(400, 10215, "Secret edit failed. The latest version isn't currently deployed.");
    const bindings = [...last.bindings.filter(({ name }) => name !== secret.name), secret];
    const version = added(account, worker, { ...last, bindings, annotations: { "workers/triggered_by": "secret" } });
    account.deploy(worker, [{ version_id: version.id, percentage: 100 }]);
    return c.json(done({ name: secret.name, type: SECRET }));
  });

  api.get("/workers/scripts/:name/settings", (c) => {
    const bindings = account.worker(c.req.param("name")).versions.at(-1)?.bindings ?? [];
    return c.json(done({ bindings: bindings.map(({ text: _hidden, ...each }) => each) }));
  });
  api.get("/workers/scripts/:name/script-settings", (c) => {
    const { tags } = account.worker(c.req.param("name"));
    return c.json(done({ tags, logpush: false }));
  });
  api.patch("/workers/scripts/:name/script-settings", async (c) => {
    const worker = account.worker(c.req.param("name"));
    worker.tags = (await c.req.json<{ tags?: string[] }>()).tags ?? worker.tags;
    return c.json(done({ tags: worker.tags }));
  });
  return api;
}

function mayShare(worker: Worker, versions: readonly { version_id: string; percentage: number }[], force: boolean) {
  const sum = versions.reduce((total, { percentage }) => total + percentage, 0);
  if (versions.length > 2 || sum !== 100)
    throw new Refusal(400, 10012, "The shares of two versions must add up to 100");
  const shared = versions.map(({ version_id }) => versionOf(worker, version_id));
  if (new Set(shared.map(({ classes }) => classes.join())).size > 1)
    throw new Refusal(400, 100405, "All versions in a multi-version deployment must declare identical `exports`.");
  const now = secretsOf(
    worker.versions.findLast(({ annotations }) => annotations["workers/triggered_by"] === "secret"),
  );
  const changed = shared.flatMap((version) =>
    now.filter((secret) => !version.bindings.some((each) => each.name === secret.name && each.text === secret.text)),
  );
  if (changed.length > 0 && !force)
    throw new Refusal(
      400,
      10220,
      `The following secrets have changed: ${[...new Set(changed.map(({ name }) => name))].join(", ")}`,
    );
}

const shown = ({ id, number, created_on, annotations, bindings }: Version) => ({
  id,
  number,
  annotations,
  metadata: { author_email: "ops@shop.com", created_on, modified_on: created_on, source: "wrangler" },
  resources: {
    bindings: bindings.map(({ text: _hidden, ...each }) => each),
    script: { etag: id.replaceAll("-", ""), handlers: ["fetch"] },
    script_runtime: {},
  },
});

const told = ({ id, created_on, versions }: Worker["deployments"][number]) => ({
  id,
  source: "wrangler",
  strategy: "percentage",
  author_email: "ops@shop.com",
  annotations: { "workers/triggered_by": "deployment" },
  created_on,
  versions,
});

const reconciled = (created: readonly string[]) => ({
  created,
  updated: [],
  deleted: [],
  renamed: [],
  transferred: [],
  transfer_pending: [],
  warnings: [],
  info: [],
  removable_entries: [],
});
