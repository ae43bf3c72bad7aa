import { Hono } from "hono";
import { type Account, Refusal } from "./account.ts";
import { done } from "./answers.ts";

/** What is no part of a version: addresses and schedules. Consumers are with the queues. */
export function triggers(account: Account): Hono {
  const api = new Hono();

  api.get("/workers/scripts/:name/subdomain", (c) => {
    account.worker(c.req.param("name"));
    return c.json(done({ enabled: false, previews_enabled: false }));
  });
  api.post("/workers/scripts/:name/subdomain", async (c) => {
    account.worker(c.req.param("name"));
    return c.json(done(await c.req.json<object>()));
  });

  api.put("/workers/scripts/:name/schedules", async (c) => {
    const worker = account.worker(c.req.param("name"));
    worker.schedules = (await c.req.json<{ cron: string }[]>()).map(({ cron }) => cron);
    return c.json(done({ schedules: worker.schedules.map((cron) => ({ cron })) }));
  });

  api.post("/workers/scripts/:name/domains/changeset", async (c) => {
    const name = c.req.param("name");
    const wanted = (await c.req.json<{ hostname: string }[]>()).map(({ hostname }) => hostname);
    const of = (hostnames: string[]) => hostnames.map((hostname) => ({ id: hostname, hostname, modified: true }));
    const others = wanted.filter((host) => account.hosts.has(host) && account.hosts.get(host) !== name);
    return c.json(
      done({
        added: of(wanted.filter((host) => !account.hosts.has(host))),
        removed: of([...account.hosts].flatMap(([host, at]) => (at === name && !wanted.includes(host) ? [host] : []))),
        updated: of(others),
        conflicting: [],
      }),
    );
  });

  // A host of the Worker that is not in the list any more loses its address.
  api.put("/workers/scripts/:name/domains/records", async (c) => {
    const { name } = account.worker(c.req.param("name"));
    const body = await c.req.json<{ origins: { hostname: string }[]; override_existing_origin: boolean }>();
    for (const { hostname } of body.origins) {
      if (!account.zones.some((zone) => hostname === zone || hostname.endsWith(`.${zone}`)))
        throw new Refusal(400, 100114, `The account has no domain for ${hostname}`);
      const other = account.hosts.get(hostname);
      if (other !== undefined && other !== name && !body.override_existing_origin)
        throw new Refusal(409, 100116, `${hostname} leads to ${other} already`);
    }
    for (const [host, at] of account.hosts) if (at === name) account.hosts.delete(host);
    for (const { hostname } of body.origins) account.hosts.set(hostname, name);
    return c.json(done(body.origins));
  });
  return api;
}
