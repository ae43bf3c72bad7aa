import type { AlertChannel } from "../../../../src/client/index.ts";
import { ALERT_RULES, type AlertRule } from "../../../../src/client/rules.ts";
import type { ChannelForm } from "../../data/channel-form.ts";
import { useTestAlertChannel } from "../../data/channels.ts";
import { fieldProblems } from "../../form-problems.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { TextField } from "../../ui/field.tsx";
import { KeptSecret } from "../../ui/kept-secret.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Select } from "../../ui/select.tsx";
import { titleOfRule } from "../inbox/item-words.ts";
import { ChannelResult, LastSent, Waiting } from "./channel-result.tsx";

const KINDS = (["webhook", "slack", "email"] as const).map((value) => ({
  value,
  label: texts.notifications.kinds[value],
}));

export interface ChannelFieldsProps {
  number: number;
  form: ChannelForm;
  /** The stored channel; undefined: it is new. */
  saved: AlertChannel | undefined;
  problems: { target: string | undefined; rules: string | undefined };
  onChange: (changed: Partial<ChannelForm>) => void;
  onRemove: () => void;
}

export function ChannelFields({ number, form, saved, problems, onChange, onRemove }: ChannelFieldsProps) {
  const test = useTestAlertChannel(form.channel_id ?? `new ${number}`);
  const isStored = saved !== undefined && saved.kind === form.kind && saved.target === form.target;
  const refused = fieldProblems(test.error).target;
  const change = (changed: Partial<ChannelForm>) => {
    test.reset();
    onChange(changed);
  };
  const send = () =>
    void test.run(isStored ? { channel_id: saved.channel_id } : { kind: form.kind, target: form.target });
  return (
    <fieldset className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4">
      <legend className="px-1 font-semibold">{texts.notifications.channel(number)}</legend>
      <div className="grid gap-4 sm:grid-cols-[12rem_1fr]">
        <Select
          label={texts.notifications.kind}
          options={KINDS}
          value={form.kind}
          // A target belongs to its kind.
          onChange={(kind) => change({ kind, target: "" })}
        />
        <TextField
          label={texts.notifications.targets[form.kind]}
          about={isStored && texts.notifications.hint}
          value={form.target}
          error={problems.target ?? refused}
          onChange={({ currentTarget }) => change({ target: currentTarget.value })}
        />
      </div>
      <Rules rules={form.rules} error={problems.rules} onChange={(rules) => onChange({ rules })} />
      <div className="flex flex-wrap items-center gap-3">
        <Checkbox label={texts.notifications.on} checked={form.enabled} onChange={(enabled) => onChange({ enabled })} />
        <Button size="sm" disabled={form.target === ""} busy={test.isBusy} onClick={send}>
          {texts.notifications.test}
        </Button>
        <Button size="sm" onClick={onRemove}>
          {texts.notifications.remove}
        </Button>
      </div>
      {isStored && (
        <KeptSecret
          id={saved.channel_id}
          title={texts.notifications.secretOnce}
          label={texts.notifications.secretOf(saved.target)}
          entered={texts.notifications.secretEntered}
        />
      )}
      {isStored && saved.confirmation === "waiting" && <Waiting channel_id={saved.channel_id} />}
      {test.error !== undefined && refused === undefined && (
        <Problem what={texts.notifications.notTested} error={test.error} />
      )}
      {test.answer !== undefined ? <ChannelResult result={test.answer} /> : isStored && <LastSent channel={saved} />}
    </fieldset>
  );
}

interface RulesProps {
  rules: AlertRule[] | null;
  error: string | undefined;
  onChange: (rules: AlertRule[] | null) => void;
}

/** Which alerts the channel gets; none chosen: all. */
function Rules({ rules, error, onChange }: RulesProps) {
  const chosen = rules ?? [];
  const toggle = (rule: AlertRule, isOn: boolean) => {
    const next = isOn ? [...chosen, rule] : chosen.filter((each) => each !== rule);
    onChange(next.length === 0 ? null : next);
  };
  return (
    <details>
      <summary>{texts.notifications.which(chosen.length)}</summary>
      <div className="mt-2 grid gap-2 sm:grid-cols-3">
        {ALERT_RULES.map((rule) => (
          <Checkbox
            key={rule}
            label={titleOfRule(rule)}
            checked={chosen.includes(rule)}
            onChange={(isOn) => toggle(rule, isOn)}
          />
        ))}
      </div>
      {error !== undefined && <p className="text-sm text-bad">{error}</p>}
    </details>
  );
}
