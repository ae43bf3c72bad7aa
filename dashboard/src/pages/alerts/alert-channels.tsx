import { Button, Group, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { AlertChannel } from "../../../../src/client/index.ts";
import { CopyField } from "../../components/copy-field.tsx";
import { fieldProblems } from "../../components/form-problems.ts";
import { Loading } from "../../components/loading.tsx";
import { Notice } from "../../components/notice.tsx";
import { Problem } from "../../components/problem.tsx";
import { type ChannelForm, useAlertChannels, useSaveAlertChannels } from "../../data/alerts.ts";
import { Section } from "../settings/section.tsx";
import { ChannelFields } from "./channel-fields.tsx";

/** The API accepts no more. */
const MAX_CHANNELS = 20;

/** Where alerts are sent. */
export function AlertChannels() {
  const channels = useAlertChannels();
  return (
    <Section
      title="Where alerts are sent"
      about="Each channel gets a notice when an alert begins and when it ends, and a reminder every six hours until somebody acknowledges it."
    >
      {channels.isPending && <Loading what="the channels" />}
      {channels.isError && (
        <Problem what="The channels could not be loaded" error={channels.error} retry={channels.refetch} />
      )}
      {channels.data !== undefined && <Form channels={channels.data} />}
    </Section>
  );
}

interface Row {
  key: number;
  form: ChannelForm;
}

let keys = 0;
const rowOf = (form: ChannelForm): Row => ({ key: keys++, form });
const formOf = ({ channel_id, kind, target, rules, enabled }: AlertChannel): ChannelForm => ({
  channel_id,
  kind,
  target,
  rules,
  enabled,
});

function Form({ channels }: { channels: AlertChannel[] }) {
  const [rows, setRows] = useState(() => channels.map((channel) => rowOf(formOf(channel))));
  const save = useSaveAlertChannels();
  const problems = fieldProblems(save.error);
  // The problems name channels by their position, and positions change now.
  const edit = (next: Row[]) => {
    setRows(next);
    if (save.isError) save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      rows.map(({ form }) => form),
      { onSuccess: (saved) => setRows(saved.map((channel) => rowOf(formOf(channel)))) },
    );
  };
  return (
    <form onSubmit={submit}>
      {rows.length === 0 && (
        <Text size="sm">There is no channel yet: alerts only show on this page. Add a channel to get notices.</Text>
      )}
      {rows.map(({ key, form }, index) => (
        <ChannelFields
          key={key}
          number={index + 1}
          form={form}
          saved={channels.find(({ channel_id }) => channel_id === form.channel_id)}
          problems={{
            target: problems[`${index}.target`] ?? problems[`${index}.channel_id`],
            rules: problems[`${index}.rules`],
          }}
          onChange={(changed) =>
            edit(rows.map((row) => (row.key === key ? { key, form: { ...form, ...changed } } : row)))
          }
          onRemove={() => edit(rows.filter((row) => row.key !== key))}
        />
      ))}
      <Stack gap="sm" mt="md">
        {save.isSuccess && <Saved secrets={save.data.filter(({ secret }) => secret !== null)} />}
        {save.isError && <Problem what="The channels were not saved" error={save.error} />}
        <Group>
          <Button
            variant="default"
            disabled={rows.length >= MAX_CHANNELS}
            onClick={() => edit([...rows, rowOf({ kind: "webhook", target: "", rules: null, enabled: true })])}
          >
            Add a channel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save channels
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Saved({ secrets }: { secrets: { channel_id: string; target: string; secret: string | null }[] }) {
  if (secrets.length === 0) return <Notice tone="good" title="Saved" live />;
  return (
    <Notice tone="warning" title="Saved. Enter each secret at its receiver now: it is shown only once" live>
      {secrets.map(({ channel_id, target, secret }) => (
        <CopyField key={channel_id} label={`Secret of ${target}`} value={secret ?? ""} />
      ))}
    </Notice>
  );
}
