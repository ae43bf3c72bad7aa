import { Api } from "./api.ts";
import { misused } from "./read-options.ts";

/** The API of a deployed Worker, with the token in REUP_TOKEN. */
export function operatorApi(url: string | undefined, usage: string): Api {
  const token = process.env.REUP_TOKEN;
  if (url === undefined) return misused("--url is missing.", usage);
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ""))
    return misused(`"${url}" is not the address of a Worker.`, usage);
  if (token === undefined || token === "") return misused("REUP_TOKEN is not set.", usage);
  return new Api(url.replace(/\/+$/, ""), token);
}

/** Part of a path: a store's id must not lead to another address. */
export function idIn(name: string, id: string | undefined, usage: string): string {
  if (id !== undefined && /^[\w-]+$/.test(id)) return id;
  return misused(id === undefined ? `--${name} is missing.` : `"${id}" is no id of a ${name}.`, usage);
}
