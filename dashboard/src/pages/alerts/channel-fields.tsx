import { Button, Checkbox, Fieldset, Group, MultiSelect, Select, Stack, Text, TextInput } from "@mantine/core";
import type { AlertChannel } from "../../../../src/client/index.ts";
import { ALERT_RULES, type AlertRule } from "../../../../src/client/rules.ts";
import { fieldProblems } from "../../components/form-problems.ts";
import { Notice } from "../../components/notice.tsx";
import { Problem } from "../../components/problem.tsx";
import { Time } from "../../components/time.tsx";
import { type ChannelForm, useAskRecipient, useTestAlertChannel } from "../../data/alerts.ts";
import { duration, words } from "../../format.ts";

const KINDS = [
  { value: "webhook", label: "Webhook" },
  { value: "slack", label: "Slack" },
  { value: "email", label: "E-mail" },
];
const TARGETS: Record<ChannelForm["kind"], string> = {
  webhook: "Address (https)",
  slack: "Address of the Slack webhook (https)",
  email: "E-mail address",
};
const RULES = ALERT_RULES.map((rule) => ({ value: rule, label: words(rule) }));

interface ChannelFieldsProps {
  number: number;
  form: ChannelForm;
  /** The stored channel; undefined: it is new. */
  saved: AlertChannel | undefined;
  problems: { target: string | undefined; rules: string | undefined };
  onChange: (changed: Partial<ChannelForm>) => void;
  onRemove: () => void;
}

export function ChannelFields({ number, form, saved, problems, onChange, onRemove }: ChannelFieldsProps) {
  const test = useTestAlertChannel();
  const isStored = saved !== undefined && saved.kind === form.kind && saved.target === form.target;
  const change = (changed: Partial<ChannelForm>) => {
    test.reset();
    onChange(changed);
  };
  const send = () =>
    test.mutate(isStored ? { channel_id: saved.channel_id } : { kind: form.kind, target: form.target });
  return (
    <Fieldset legend={`Channel ${number}`} mt="sm">
      <Stack gap="sm">
        <Group align="start" gap="sm">
          <Select
            label="Kind"
            data={KINDS}
            value={form.kind}
            allowDeselect={false}
            // A target belongs to its kind.
            onChange={(kind) => change({ kind: (kind ?? "webhook") as ChannelForm["kind"], target: "" })}
          />
          <TextInput
            label={TARGETS[form.kind]}
            description={isStored ? "Only a part is shown. Enter a new one to replace it." : undefined}
            inputWrapperOrder={["label", "input", "description", "error"]}
            style={{ flex: "1 1 16rem" }}
            value={form.target}
            error={problems.target ?? fieldProblems(test.error).target}
            onChange={(event) => change({ target: event.currentTarget.value })}
          />
          <MultiSelect
            label="Alerts"
            placeholder={form.rules === null ? "All" : undefined}
            style={{ flex: "1 1 16rem" }}
            data={RULES}
            value={form.rules ?? []}
            error={problems.rules}
            clearable
            clearButtonProps={{ "aria-label": "All alerts" }}
            onChange={(rules) => onChange({ rules: rules.length === 0 ? null : (rules as AlertRule[]) })}
          />
        </Group>
        <Group gap="sm">
          <Checkbox
            label="On"
            checked={form.enabled}
            onChange={(event) => onChange({ enabled: event.currentTarget.checked })}
          />
          <Button variant="default" size="xs" disabled={form.target === ""} loading={test.isPending} onClick={send}>
            Send a test
          </Button>
          <Button variant="default" size="xs" onClick={onRemove}>
            Remove
          </Button>
        </Group>
        {isStored && saved.confirmation === "waiting" && <Waiting channel={saved} />}
        {test.isError && <Problem what="The test could not be sent" error={test.error} />}
        {test.isSuccess ? <Tested result={test.data} /> : isStored && <LastSent channel={saved} />}
      </Stack>
    </Fieldset>
  );
}

function Waiting({ channel }: { channel: AlertChannel }) {
  const ask = useAskRecipient();
  return (
    <Notice tone="warning" title="Waiting for the recipient to confirm: no alert is sent before that">
      The recipient has got an e-mail with a link to confirm.{" "}
      <Button
        variant="default"
        size="compact-xs"
        loading={ask.isPending}
        onClick={() => ask.mutate(channel.channel_id)}
      >
        Send it again
      </Button>
      {ask.isSuccess && " It was sent."}
      {ask.isError && ` ${ask.error.message}`}
    </Notice>
  );
}

function Tested({ result }: { result: NonNullable<ReturnType<typeof useTestAlertChannel>["data"]> }) {
  if (result.error !== null) {
    return (
      <Notice tone="bad" title={`The test did not arrive: ${result.error.message}`} live>
        {result.error.hint}
      </Notice>
    );
  }
  return <Notice tone="good" title={`The receiver accepted the test in ${duration(result.latency_ms)}`} live />;
}

function LastSent({ channel }: { channel: AlertChannel }) {
  const sent =
    channel.last_sent_at === null ? (
      "Nothing has been sent yet."
    ) : (
      <>
        Last sent <Time at={channel.last_sent_at} relative />.
      </>
    );
  if (channel.last_error === null) {
    return <Text size="sm">{sent}</Text>;
  }
  return (
    <Notice tone="bad" title={`Failing: ${channel.last_error.message}`}>
      {channel.last_error.hint} Last tried <Time at={channel.failed_at} relative />. {sent}
    </Notice>
  );
}
