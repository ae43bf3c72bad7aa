import { createRoute } from "@hono/zod-openapi";
import { inbox, inboxQuery, resolvedItems, resolveItems } from "../../../contract/http/inbox.ts";
import { accountsDb } from "../../../db/databases.ts";
import { listSummaries } from "../../../db/locations.ts";
import { listAcknowledged, listFiring } from "../../../db/queries/list-alerts.ts";
import { listUnhealed } from "../../../db/queries/list-dead-letters.ts";
import { listReviewsOf } from "../../../db/queries/list-reviews-of.ts";
import { listSettled } from "../../../db/queries/settled-items.ts";
import {
  alertItem,
  deadLetterItem,
  editItem,
  type InboxAction,
  type InboxItem,
  type ItemKey,
  inboxOf,
  itemId,
  newestDecided,
  readItemId,
  reviewItem,
  type SettledKind,
  settledItem,
} from "../../../domain/alerts/inbox.ts";
import { MAX_INBOX_ITEMS } from "../../../domain/bounds.ts";
import { REVIEW_ACTIONS } from "../../../domain/reviews/review.ts";
import { mayAct } from "../../../domain/rights.ts";
import { iso } from "../../../domain/values/iso.ts";
import { locationStub } from "../../../location/stub.ts";
import { log } from "../../../platform/log.ts";
import { decided } from "../../answers/decided.ts";
import { invalid, notFound, STATUS_OF, toApiError } from "../../errors.ts";
import { deciderOf } from "../../requests/caller.ts";
import type { AppContext } from "../../requests/context.ts";
import { storeOf, storesAsked } from "../../requests/store-of.ts";
import { commonErrors, json, jsonBody, router, secured, writeErrors } from "../../router.ts";
import { acknowledgeShown } from "./alerts.ts";
import { deleteLetters, findLetter, putBackLetters } from "./dead-letters.ts";
import { sendAgain } from "./pushes.ts";

const tags = ["Putting things right"];

const list = createRoute({
  method: "get",
  path: "/v1/inbox",
  tags,
  summary: "All that waits for a person, in all stores, the worst first; or what was decided (viewer)",
  description: `Alerts that nobody has seen, open reviews, failed messages and parked edits: at most ${MAX_INBOX_ITEMS} of each. Failed messages are listed for managers. With state=decided: reviews that were decided, alerts that somebody has seen, and failed messages and edits that somebody sent again or deleted, the latest decision first; those of people, and those that nobody took (a rule, or a later list), are bounded apart.`,
  ...secured("viewer"),
  request: { query: inboxQuery },
  responses: { 200: json(inbox, "What waits, or was decided"), ...commonErrors() },
});

const resolve = createRoute({
  method: "post",
  path: "/v1/inbox/resolve",
  tags,
  summary: "Settle several items at once; each answers for itself (manager)",
  ...secured("manager"),
  request: { body: jsonBody(resolveItems) },
  responses: { 200: json(resolvedItems, "What became of each, in the order of the request"), ...writeErrors() },
});

export const inboxRoutes = router()
  .openapi(list, async (c) => {
    const { page = 1, limit, kind, location_id, state } = c.req.valid("query");
    const { items, unread, isCut } = await (state === "open" ? gather(c, location_id) : gatherDecided(c, location_id));
    const sorted = state === "open" ? inboxOf(items) : newestDecided(items);
    const found = sorted.filter((item) => kind === undefined || item.kind === kind);
    const data = found.slice((page - 1) * limit, page * limit).map(itemJson);
    return c.json(
      { data, pagination: { page, limit, total: found.length }, unread_stores: unread, is_cut: isCut },
      200,
    );
  })
  .openapi(resolve, async (c) => {
    const { item_ids, ...wish } = c.req.valid("json");
    const data = [];
    // One after the other: several may be about one store.
    for (const item_id of new Set(item_ids)) data.push(await settled(c, item_id, wish));
    return c.json({ data }, 200);
  });

function itemJson({ since, is_urgent: _, decision, ...item }: InboxItem) {
  const [action = "acknowledge"] = item.actions;
  const told = decision === null ? null : { ...decision, at: iso(decision.at) };
  return { ...item, action: decision?.action ?? action, since: iso(since), decision: told };
}

const storesOf = async (c: AppContext, location_id: string | undefined) =>
  listSummaries(accountsDb(c.env), await storesAsked(c, location_id));

async function gatherDecided(c: AppContext, location_id: string | undefined) {
  const stores = await storesOf(c, location_id);
  const known = new Set(stores.map((store) => store.location_id));
  const accounts = accountsDb(c.env);
  const theirs = { ...c.var.caller, location_ids: known };
  // Failed messages have the right of their own list.
  const kinds: SettledKind[] = mayAct(c.var.caller.role, "manager") ? ["edit", "dead_letter"] : ["edit"];
  const [seen, settled, reviews] = await Promise.all([
    listAcknowledged(accounts, theirs, MAX_INBOX_ITEMS),
    listSettled(accounts, theirs, kinds, MAX_INBOX_ITEMS),
    listReviewsOf(c.env, stores, "decided"),
  ]);
  const { rows, unread, isCut } = reviews;
  return {
    items: [...seen.map(alertItem), ...settled.map(settledItem), ...rows.map(reviewItem)],
    unread,
    isCut: isCut || [seen, settled].some(({ length }) => length >= MAX_INBOX_ITEMS),
  };
}

async function gather(c: AppContext, location_id: string | undefined) {
  const accounts = accountsDb(c.env);
  const { caller } = c.var;
  const stores = await storesOf(c, location_id);
  const known = new Set(stores.map((store) => store.location_id));
  // Failed messages have the right of their own list.
  const lettersOf = mayAct(caller.role, "manager") ? known : new Set<string>();
  const [firing, letters, open] = await Promise.all([
    listFiring(accounts, caller),
    listUnhealed(accounts, { ...caller, location_ids: lettersOf }, MAX_INBOX_ITEMS),
    listReviewsOf(c.env, stores, "open"),
  ]);
  const alerts = firing.filter((row) => known.has(row.location_id));
  // An edit stays parked, whoever has seen its alert.
  const parked = [...new Set(alerts.filter(({ rule }) => rule === "push_parked").map((row) => row.location_id))];
  const edits = await Promise.all(parked.slice(0, MAX_ASKED_STORES).map((id) => editsOf(c, id)));
  const items = [
    ...alerts.filter((row) => row.acknowledged_at === null).map(alertItem),
    ...open.rows.map(reviewItem),
    ...letters.map(deadLetterItem),
    ...edits.flatMap((each) => each.items),
  ];
  const unread = [...open.unread, ...edits.flatMap((each) => each.unread), ...parked.slice(MAX_ASKED_STORES)];
  const isCut = open.isCut || letters.length >= MAX_INBOX_ITEMS;
  return { items, unread: [...new Set(unread)], isCut };
}

/** Stores whose parked edits one answer lists: each is a call to its Location. The others are named. */
const MAX_ASKED_STORES = 20;

async function editsOf(c: AppContext, location_id: string) {
  try {
    const pushes = await locationStub(c.env, location_id).listPushes("parked", null, MAX_INBOX_ITEMS);
    const items = pushes.map(({ push_id, product_id, updated_at, error }) =>
      editItem({ location_id, push_id, product_id, since: Date.parse(updated_at), error: error?.message ?? null }),
    );
    return { items, unread: [] };
  } catch (error) {
    log("request_failed", { request_id: c.var.requestId, location_id, route: "GET /v1/inbox", cause: error });
    return { items: [], unread: [location_id] };
  }
}

/** What is to be done with the items, and why. */
interface Wish {
  action: InboxAction;
  /** By item, how many packages or products the person was shown who ends them. */
  counts: Readonly<Record<string, number>>;
  /** By alert, when it began that the person was shown, ms. */
  since: Readonly<Record<string, number>>;
  reason?: string | undefined;
}

async function settled(c: AppContext, item_id: string, wish: Wish) {
  try {
    const key = readItemId(item_id);
    if (key === null) throw notFound("item");
    await storeOf(c, key.location_id);
    await SETTLE[key.kind](c, key, wish);
    return { item_id, ok: true, error: null };
  } catch (error) {
    const { code, message } = toApiError(error);
    const route = "POST /v1/inbox/resolve";
    if (STATUS_OF[code] >= 500) log("request_failed", { request_id: c.var.requestId, route, code, cause: error });
    return { item_id, ok: false, error: { code, message } };
  }
}

const SETTLE: Record<ItemKey["kind"], (c: AppContext, key: ItemKey, wish: Wish) => Promise<void>> = {
  async alert(c, { location_id, id }, { action, since, reason }) {
    expectAction(action, ["acknowledge"]);
    await acknowledgeShown(c, id, { reason, started_at: since[itemId("alert", location_id, id)] });
  },
  async review(c, { location_id, id }, { action, counts, reason }) {
    const known = REVIEW_ACTIONS.find((each) => each === action);
    if (known === undefined) throw wrongAction(REVIEW_ACTIONS);
    const count = counts[itemId("review", location_id, id)];
    if (known === "confirm" && count === undefined) throw invalid([NOT_COUNTED]);
    const command = { action: known, into: null, fields: {}, count };
    const who = deciderOf(c.var.caller, reason);
    decided(await locationStub(c.env, location_id).resolveReview(id, command, who), "review");
  },
  async dead_letter(c, { id }, { action, reason }) {
    expectAction(action, ["replay", "delete"]);
    const letter = await findLetter(c, id);
    await (action === "replay" ? putBackLetters : deleteLetters)(c, [letter], deciderOf(c.var.caller, reason));
  },
  async edit(c, { location_id, id }, { action, reason }) {
    expectAction(action, ["retry"]);
    await sendAgain(c, { location_id, push_id: id }, reason);
  },
};

function expectAction(action: InboxAction, allowed: readonly InboxAction[]): void {
  if (!allowed.includes(action)) throw wrongAction(allowed);
}

const NOT_COUNTED = {
  path: "counts",
  message:
    "must say under this item's id how many packages or products were shown (details.held_rows): confirm ends them",
};

const wrongAction = (allowed: readonly string[]) =>
  invalid([{ path: "action", message: `must be ${allowed.join(" or ")} for such an item` }]);
