import { listen } from "../../simulator/http/listen.ts";
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

export async function startCloudflare(outside: Outside): Promise<Cloudflare> {
  const account = new Account();
  const edge = new Edge(account, outside);
  const api = accountApi(account, (database, sql) => edge.query(database, sql));
  const servers = await Promise.all([
    listen(api.fetch),
    listen((request) => {
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
      await Promise.all(servers.map(({ close }) => close()));
      await edge.stop();
    },
  };
}
