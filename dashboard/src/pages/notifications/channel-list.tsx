import { type FormEvent, useState } from "react";
import type { AlertChannel } from "../../../../src/client/index.ts";
import { type ChannelForm, formOf, isSameList } from "../../data/channel-form.ts";
import { isChangedMeanwhile, useSaveAlertChannels } from "../../data/channels.ts";
import { fieldProblems } from "../../form-problems.ts";
import { keepSecret } from "../../kept-secrets.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { LeavingQuestion } from "../../ui/leaving-question.tsx";
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

export interface ChannelListProps {
  channels: AlertChannel[];
  /** Loads the list and begins anew. */
  onOpenAgain: () => Promise<void>;
}

export function ChannelList({ channels, onOpenAgain }: ChannelListProps) {
  const [opened, setOpened] = useState(() => channels.map(formOf));
  const [entries, setEntries] = useState(() => opened.map(entryOf));
  const open = (forms: ChannelForm[]) => {
    setOpened(forms);
    setEntries(forms.map(entryOf));
  };
  const save = useSaveAlertChannels((saved) => {
    for (const { channel_id, secret } of saved) if (secret !== null) keepSecret(channel_id, secret);
    open(saved.map(formOf));
  });
  const edited = entries.map(({ form }) => form);
  const isUnsaved = !isSameList(opened, edited);
  const problems = fieldProblems(save.error);
  // The problems name channels by their position, and positions change now.
  const edit = (next: Entry[]) => {
    setEntries(next);
    save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save.run({ opened, edited });
  };
  return (
    <form onSubmit={submit} className="flex max-w-4xl flex-col gap-4">
      {/* What is typed while a save runs would be lost with its answer. */}
      <fieldset disabled={save.isBusy} className="contents">
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
        {save.answer !== undefined && <Notice tone="good" title={texts.notifications.saved} isLive />}
        {save.error !== undefined && Object.keys(problems).length === 0 && (
          <Problem what={texts.notifications.notSaved} error={save.error} />
        )}
        {isChangedMeanwhile(save.error) && (
          <Button className="self-start" onClick={() => void onOpenAgain()}>
            {texts.notifications.openAgain}
          </Button>
        )}
        <div className="flex flex-wrap gap-3">
          <Button
            disabled={entries.length >= MAX_CHANNELS}
            onClick={() => edit([...entries, entryOf({ kind: "webhook", target: "", rules: null, enabled: true })])}
          >
            {texts.notifications.add}
          </Button>
          <Button type="submit" kind="primary" busy={save.isBusy} disabled={!isUnsaved}>
            {texts.notifications.save}
          </Button>
        </div>
      </fieldset>
      <LeavingQuestion isUnsaved={isUnsaved} onLeave={() => open(opened)} />
    </form>
  );
}
