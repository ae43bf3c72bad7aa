import { expect, it } from "vitest";
import {
  alertMessage,
  isOfNewerBuild,
  MESSAGE_VERSION,
  syncMessage,
  webhookMessage,
} from "../../src/contract/messages.ts";
import { tellMessage } from "../../src/contract/telling.ts";

const ids = { location_id: "loc_1", request_id: "req_1" };
const notice = { notice_id: "ntc_1", kind: "fired", alert_id: "alr_1", location_id: "loc_1", rule: "stale" };

/** What the version before sent, as it is in a queue: never change one of these. */
const BEFORE: [string, { safeParse(body: unknown): { success: boolean } }, object][] = [
  ["webhook", webhookMessage, { ...ids, event_id: "evt_1", received_at: 1, body: { type: "inventory.updated" } }],
  [
    "webhook to be read",
    webhookMessage,
    { ...ids, event_id: "evt_1", received_at: 1, body: null, refresh_reason: "old" },
  ],
  ["start", syncMessage, { kind: "start", location_id: "loc_1", at: 1 }],
  ["step", syncMessage, { kind: "step", ...ids, run_id: "run_1", step: 0 }],
  ["replay", syncMessage, { kind: "replay", location_id: "loc_1", after: null }],
  ["refresh", syncMessage, { kind: "refresh", ...ids, second: true }],
  ["push", syncMessage, { kind: "push", location_id: "loc_1" }],
  ["forget_customers", syncMessage, { kind: "forget_customers", ...ids }],
  ["sweep", syncMessage, { kind: "sweep", location_id: "loc_1" }],
  ["move", syncMessage, { kind: "move", location_id: "loc_1" }],
  ["follow_subscriptions", syncMessage, { kind: "follow_subscriptions", retailer_id: "ret_1", after: null }],
  ["purge", syncMessage, { kind: "purge", ...ids }],
  ["reseal", syncMessage, { kind: "reseal", what: "stores", after: null }],
  [
    "alert",
    alertMessage,
    {
      channel_id: "chn_1",
      notice: { ...notice, severity: "critical", message: "Late", started_at: 1, resolved_at: null },
    },
  ],
  ["tell", tellMessage, { location_id: "loc_1", subscription_id: "sub_1" }],
];

it.each(BEFORE)("a message of the version before is read: %s", (_, schema, body) => {
  expect(schema.safeParse(body).success).toBe(true);
  expect(schema.safeParse({ ...body, v: MESSAGE_VERSION }).success).toBe(true);
  expect(isOfNewerBuild(body)).toBe(false);
});

it.each(BEFORE)("a message of a newer version is not read, though its shape is the same: %s", (_, schema, body) => {
  const newer = { ...body, v: MESSAGE_VERSION + 1 };
  expect(schema.safeParse(newer).success).toBe(false);
  expect(isOfNewerBuild(newer)).toBe(true);
});

it("each kind of step has its example here", () => {
  const kinds = syncMessage.options.map((option) => option.shape.kind.value);
  expect(BEFORE.flatMap(([, schema, body]) => (schema === syncMessage && "kind" in body ? [body.kind] : []))).toEqual(
    kinds,
  );
});

it.each([null, 7, "text", [], {}, { v: "2" }, { v: 1.5 }, { v: -1 }, { v: Number.NaN }, { v: null }])(
  "%j is of no newer build",
  (body) => {
    expect(isOfNewerBuild(body)).toBe(false);
  },
);

it.each([8.65e15, -1, Number.POSITIVE_INFINITY])("a webhook that was received at %d is not read", (received_at) => {
  const body = { location_id: "loc_1", event_id: "evt_1", received_at: 1, body: {} };
  expect(webhookMessage.safeParse(body).success).toBe(true);
  expect(webhookMessage.safeParse({ ...body, received_at }).success).toBe(false);
});
