/** Each includes the ones before it. */
const ROLES = ["viewer", "manager", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** ReUp's permissions, and the role that each gives to a token without a role that we know; the greatest first. */
const PERMISSIONS: readonly (readonly [string, Role])[] = [
  ["admin:settings", "admin"],
  ["write:inventory", "manager"],
  ["read:inventory", "viewer"],
];

/** The role that a token's claims give; null: none. What we do not know gives no right. */
export function roleOf({ role, permissions }: { role?: unknown; permissions?: unknown }): Role | null {
  // ReUp has an owner, too, who may do what an admin may.
  const named = role === "owner" ? "admin" : ROLES.find((known) => known === role);
  if (named !== undefined) return named;
  const given: unknown[] = Array.isArray(permissions) ? permissions : [];
  return PERMISSIONS.find(([permission]) => given.includes(permission))?.[1] ?? null;
}

export const mayAct = (role: Role | null, needed: Role): boolean =>
  role !== null && ROLES.indexOf(role) >= ROLES.indexOf(needed);

/** Why a token may not do what needs this role. */
export function refusalText(role: Role | null, needed: Role): string {
  if (role !== null) return `This needs the role ${needed}; your token has the role ${role}.`;
  const permissions = PERMISSIONS.map(([permission]) => permission).join(", ");
  return (
    `This needs the role ${needed}. Your token has no role that this service knows (${ROLES.join(", ")}, owner), and none of ` +
    `the permissions ${permissions}.`
  );
}
