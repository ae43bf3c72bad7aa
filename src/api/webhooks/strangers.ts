import { ApiError } from "../errors.ts";
import type { AppContext } from "../requests/context.ts";

/**
 * Counts a request without a valid signature against its address, and answers 429 once the address has used up its quota.
 * Called only after a request was refused, so that a genuine sender behind the same address still gets in.
 */
export async function refuseStranger(c: AppContext): Promise<void> {
  const { success } = await c.env.STRANGER_LIMIT.limit({ key: networkOf(c.req.header("cf-connecting-ip") ?? "") });
  if (!success)
    throw new ApiError("RATE_LIMITED", "Too many requests without a valid signature. Try again in a minute.", {
      retry_after_seconds: 60,
    });
}

/** The network of an IPv6 address that one customer gets (64 bits), because he can choose the rest himself. */
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
