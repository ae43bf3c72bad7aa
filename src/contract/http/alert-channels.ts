import { ALERT_RULES } from "../../domain/alerts/rules.ts";
import { problem, time, z } from "./common.ts";

/** Most channels of a retailer: one alert sends at most so many notices. */
export const MAX_CHANNELS = 20;

const channel_id = z.string().max(100).openapi({ example: "chn_5f0c2a9d1b3e4f60" });
const kind = z.enum(["webhook", "slack", "email"]);
export type ChannelKind = z.infer<typeof kind>;
const target = z.string().trim().min(1).max(2_000).openapi({
  description:
    "An https address or an e-mail address. It is shown as a hint only. To keep it, send the hint with the channel_id",
  example: "https://hooks.example.com/alerts",
});
const rule = z.enum(ALERT_RULES);

export const alertChannel = z
  .object({
    channel_id,
    kind,
    target: z
      .string()
      .openapi({ description: "A part of the address, as a hint", example: "https://hooks.example.com/…erts" }),
    secret_hint: z.string().nullable(),
    rules: z.array(rule).nullable().openapi({ description: "null: all rules" }),
    enabled: z.boolean(),
    confirmation: z.enum(["not_needed", "waiting", "confirmed"]).openapi({
      description: "waiting: the recipient of the e-mail has not confirmed yet, so no alert is sent",
    }),
    created_at: time,
    last_sent_at: time.nullable(),
    failed_at: time.nullable().openapi({ description: "Set if the last attempt failed" }),
    last_error: problem.nullable(),
  })
  .openapi("AlertChannel");
export type AlertChannelJson = z.infer<typeof alertChannel>;

const channelInput = z.strictObject({
  channel_id: channel_id.optional().openapi({ description: "The id of an existing channel; left out for a new one" }),
  kind,
  target,
  rules: z
    .array(rule)
    .min(1, "must name at least one rule; null means all")
    .max(ALERT_RULES.length)
    .nullable()
    .optional(),
  enabled: z.boolean(),
  // A list that was read, changed and sent back.
  ...alertChannel.omit({ channel_id: true, kind: true, target: true, rules: true, enabled: true }).partial().shape,
  secret: z.null("is made here and shown once: leave it out").optional(),
});
export type ChannelInput = z.infer<typeof channelInput>;

export const channelsInput = z.array(channelInput).max(MAX_CHANNELS, `must have at most ${MAX_CHANNELS} channels`);

export const savedChannel = alertChannel
  .extend({
    secret: z.string().nullable().openapi({ description: "The secret of a new webhook, which is shown only here" }),
  })
  .openapi("SavedAlertChannel");

export const channelTestInput = z.union([z.strictObject({ channel_id }), z.strictObject({ kind, target })]);

export const channelTest = z
  .object({ ok: z.boolean(), error: problem.nullable(), latency_ms: z.number() })
  .openapi("AlertChannelTest");
