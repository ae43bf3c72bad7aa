import { Button, Checkbox, Group, Select, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Loading } from "../components/loading.tsx";
import { Missing } from "../components/missing.tsx";
import { Notice } from "../components/notice.tsx";
import { Problem } from "../components/problem.tsx";
import { type AlertChannel, useAlertChannels, useSaveAlertChannels, useTestAlertChannel } from "../data/alerts.ts";
import { Section } from "./settings/section.tsx";

const KINDS = [
  { value: "webhook", label: "Webhook" },
  { value: "slack", label: "Slack" },
  { value: "email", label: "E-mail" },
];

/** Where alerts are sent. */
export function AlertChannels() {
  const channels = useAlertChannels();
  return (
    <Section title="Where alerts are sent" about="Each channel hears of every alert, and when it is over.">
      {channels.isPending && <Loading what="the channels" />}
      {channels.isError && <Missing what="alert channels" error={channels.error} retry={channels.refetch} />}
      {channels.data !== undefined && <Form channels={channels.data} />}
    </Section>
  );
}

function Form({ channels }: { channels: AlertChannel[] }) {
  const [rows, setRows] = useState(channels.map((channel, key) => ({ key, channel })));
  const save = useSaveAlertChannels();
  const test = useTestAlertChannel();
  const change = (key: number, changed: Partial<AlertChannel>) =>
    setRows(rows.map((row) => (row.key === key ? { key, channel: { ...row.channel, ...changed } } : row)));
  const add = () => {
    const key = Math.max(0, ...rows.map((row) => row.key)) + 1;
    setRows([...rows, { key, channel: { kind: "webhook", target: "", enabled: true } }]);
  };
  return (
    <>
      {rows.length === 0 && <Text size="sm">None yet: alerts are only shown here.</Text>}
      {rows.map(({ key, channel }) => (
        <Group key={key} align="end" gap="sm">
          <Select
            label="Kind"
            data={KINDS}
            value={channel.kind}
            allowDeselect={false}
            onChange={(kind) => change(key, { kind: (kind ?? "webhook") as AlertChannel["kind"] })}
          />
          <TextInput
            label={channel.kind === "email" ? "E-mail address" : "Address (https)"}
            style={{ flex: "1 1 16rem" }}
            value={channel.target}
            onChange={(event) => change(key, { target: event.currentTarget.value })}
          />
          <Checkbox
            label="On"
            checked={channel.enabled}
            onChange={(event) => change(key, { enabled: event.currentTarget.checked })}
          />
          <Button
            variant="default"
            disabled={channel.target === ""}
            loading={test.isPending}
            onClick={() => test.mutate(channel)}
          >
            Send a test
          </Button>
          <Button variant="default" onClick={() => setRows(rows.filter((row) => row.key !== key))}>
            Remove
          </Button>
        </Group>
      ))}
      {test.isSuccess && <Notice tone="good" title="The test was sent" live />}
      {test.isError && <Problem what="The test could not be sent" error={test.error} />}
      {save.isSuccess && <Notice tone="good" title="Saved" live />}
      {save.isError && <Problem what="The channels were not saved" error={save.error} />}
      <Group>
        <Button variant="default" onClick={add}>
          Add a channel
        </Button>
        <Button loading={save.isPending} onClick={() => save.mutate(rows.map(({ channel }) => channel))}>
          Save channels
        </Button>
      </Group>
    </>
  );
}
