import { createAdaptorServer } from "@hono/node-server";
import { Account } from "./account/account.ts";
import { accountApi } from "./account/app.ts";
import { Edge, type Outside } from "./edge.ts";

/** Cloudflare on this machine: the API of an empty account, and the Workers that it serves. */
export interface Cloudflare {
  account: Account;
  /** Where wrangler asks. */
  api: string;
  /** Where visitors of the account's hosts arrive; they say the host in `x-rehearsed-host`. */
  edge: string;
  visit(request: Request): Promise<Response>;
  close(): Promise<void>;
}

export async function startCloudflare(outside: Outside = nowhere): Promise<Cloudflare> {
  const account = new Account();
  const edge = new Edge(account, outside);
  const api = accountApi(account, (database, sql) => edge.query(database, sql));
  const servers = await Promise.all([
    serve(api.fetch),
    serve((request) => {
      const url = new URL(request.url);
      const host = request.headers.get("x-rehearsed-host") ?? url.host;
      const headers = new Headers(request.headers);
      headers.delete("x-rehearsed-host");
      headers.set("host", host);
      return edge.fetch(
        new Request(`https://${host}${url.pathname}${url.search}`, {
          method: request.method,
          headers,
          body: request.body,
          ...(request.body === null ? {} : { duplex: "half" }),
        }),
      );
    }),
  ]);
  return {
    account,
    api: servers[0].url,
    edge: servers[1].url,
    visit: (request) => edge.fetch(request),
    close: async () => {
      for (const { close } of servers) close();
      await edge.stop();
    },
  };
}

const nowhere: Outside = async () => new Response("Nothing is there.", { status: 502 });

async function serve(fetch: (request: Request) => Response | Promise<Response>) {
  const server = createAdaptorServer({ fetch, overrideGlobalObjects: false });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => {
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
    },
  };
}
