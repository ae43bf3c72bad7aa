import { ApiError } from "../errors.ts";
import type { AppContext } from "../requests/context.ts";

/**
 * Who has not proved who he is spends his own address's quota, and nobody else's: 429 once it is used up. Asked after a
 * request was refused, so that a genuine sender behind the same address is still let in.
 */
export async function refuseStranger(c: AppContext): Promise<void> {
  const { success } = await c.env.STRANGER_LIMIT.limit({ key: networkOf(c.req.header("cf-connecting-ip") ?? "") });
  if (!success) throw new ApiError("RATE_LIMITED", "Too many requests without a proof.", { retry_after_seconds: 60 });
}

/** Of an IPv6 address the network that one customer gets (64 bits): the rest he chooses himself. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address.slice(0, 45);
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? 0 : tail.split(":").length;
  const filled =
    tail === undefined ? groups : [...groups, ...Array<string>(Math.max(0, 8 - groups.length - after)).fill("0")];
  return `${[...filled, ...(tail ?? "").split(":")]
    .slice(0, 4)
    .map((group) => group.replace(/^0{1,3}(?=.)/, "").slice(0, 4))
    .join(":")}::/64`;
}
