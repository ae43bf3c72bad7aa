import { type FormEvent, useState } from "react";
import type { AlertChannel } from "../../../../src/client/index.ts";
import { type ChannelForm, useSaveAlertChannels } from "../../data/channels.ts";
import { fieldProblems } from "../../form-problems.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import { CopyField } from "../../ui/copy-field.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Problem } from "../../ui/problem.tsx";
import { ChannelFields } from "./channel-fields.tsx";

/** The API accepts no more. */
const MAX_CHANNELS = 20;

interface Entry {
  key: number;
  form: ChannelForm;
}

let keys = 0;
const entryOf = (form: ChannelForm): Entry => ({ key: keys++, form });
const formOf = ({ channel_id, kind, target, rules, enabled }: AlertChannel): ChannelForm => ({
  channel_id,
  kind,
  target,
  rules,
  enabled,
});

export function ChannelList({ channels }: { channels: AlertChannel[] }) {
  const [entries, setEntries] = useState(() => channels.map((channel) => entryOf(formOf(channel))));
  const save = useSaveAlertChannels((saved) => setEntries(saved.map((channel) => entryOf(formOf(channel)))));
  const problems = fieldProblems(save.error);
  // The problems name channels by their position, and positions change now.
  const edit = (next: Entry[]) => {
    setEntries(next);
    // An answer stays: it shows secrets, this once.
    if (save.error !== undefined) save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save.run(entries.map(({ form }) => form));
  };
  return (
    <form onSubmit={submit} className="flex max-w-4xl flex-col gap-4">
      {entries.length === 0 && <Empty title={texts.notifications.none}>{texts.notifications.noneAbout}</Empty>}
      {entries.map(({ key, form }, index) => (
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
            edit(entries.map((entry) => (entry.key === key ? { key, form: { ...form, ...changed } } : entry)))
          }
          onRemove={() => edit(entries.filter((entry) => entry.key !== key))}
        />
      ))}
      {save.answer !== undefined && <Saved secrets={save.answer.filter(({ secret }) => secret !== null)} />}
      {save.error !== undefined && Object.keys(problems).length === 0 && (
        <Problem what={texts.notifications.notSaved} error={save.error} />
      )}
      <div className="flex flex-wrap gap-3">
        <Button
          disabled={entries.length >= MAX_CHANNELS}
          onClick={() => edit([...entries, entryOf({ kind: "webhook", target: "", rules: null, enabled: true })])}
        >
          {texts.notifications.add}
        </Button>
        <Button type="submit" kind="primary" busy={save.isBusy}>
          {texts.notifications.save}
        </Button>
      </div>
    </form>
  );
}

function Saved({ secrets }: { secrets: { channel_id: string; target: string; secret: string | null }[] }) {
  if (secrets.length === 0) return <Notice tone="good" title={texts.notifications.saved} isLive />;
  return (
    <Notice tone="warn" title={texts.notifications.savedSecrets} isLive>
      <div className="mt-2 flex flex-col gap-2">
        {secrets.map(({ channel_id, target, secret }) => (
          <CopyField key={channel_id} label={texts.notifications.secretOf(target)} value={secret ?? ""} />
        ))}
      </div>
    </Notice>
  );
}
