import type { ConnectionTest } from "../../../../src/client/index.ts";
import { SHORT_TEXT } from "../../../../src/client/rules.ts";
import { useTestConnection, useTestStored } from "../../data/locations.ts";
import { fieldProblems } from "../../form-problems.ts";
import { useMay } from "../../session.ts";
import { texts } from "../../texts.ts";
import { TIME_ZONES } from "../../time-zones.ts";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { TextField } from "../../ui/field.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Select } from "../../ui/select.tsx";
import { dutchiePart, testOf } from "../connect/connect.tsx";
import { DutchieFields } from "../connect/dutchie-fields.tsx";
import { problemsOf, TestResult } from "../connect/test-result.tsx";
import { useStore } from "../store/store-context.ts";
import type { SettingsPart } from "./settings-part.ts";

/** Test Connection tests what is entered; with nothing entered, what is stored. */
export function ConnectionSettings({
  draft,
  problems,
  disabled,
  onChange,
  refused,
}: SettingsPart & { refused: ConnectionTest | undefined }) {
  const { location } = useStore();
  const { endpoint, location_id, profile, api_key_hint } = location.dutchie;
  const typed = useTestConnection();
  const stored = useTestStored(location.location_id);
  const mayTest = useMay("manager");
  const isEntered =
    draft.api_key !== "" ||
    draft.integrator_key !== "" ||
    draft.endpoint !== endpoint ||
    draft.location_id !== (location_id ?? "");
  const needsKey = isEntered && draft.api_key === "";
  const test = isEntered ? typed : stored;
  const result = refused ?? test.answer;
  const listed = { ...dutchiePart(problems), ...dutchiePart(fieldProblems(test.error)), ...problemsOf(result) };
  const run = () => {
    if (!isEntered) return stored.run(undefined);
    const { endpoint: to, api_key, integrator_key, location_id: id } = draft;
    return typed.run({
      endpoint: to,
      api_key,
      profile: "auto",
      ...(integrator_key === "" ? {} : { integrator_key }),
      ...(id === "" ? {} : { location_id: id }),
    });
  };
  const change = (changed: Partial<typeof draft>) => {
    typed.reset();
    stored.reset();
    onChange(changed);
  };
  return (
    <Section title={texts.settings.connection} about={texts.settings.connectionAbout}>
      <div className="flex flex-col gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={texts.connect.name}
            bound={SHORT_TEXT}
            required
            disabled={disabled}
            value={draft.name}
            error={problems.name}
            onChange={({ currentTarget }) => onChange({ name: currentTarget.value })}
          />
          <Select
            label={texts.connect.timeZone}
            disabled={disabled}
            options={TIME_ZONES.map((zone) => ({ value: zone, label: zone }))}
            value={draft.time_zone}
            error={problems.time_zone}
            onChange={(time_zone) => onChange({ time_zone })}
          />
        </div>
        <DutchieFields values={draft} problems={listed} onChange={change} key_hint={api_key_hint} disabled={disabled} />
        <p className="text-sm text-dim">
          {texts.connect.profile}: {texts.connect.profiles[profile]}
        </p>
        {result !== undefined && <TestResult test={result} />}
        {test.error !== undefined && Object.keys(listed).length === 0 && testOf(test.error) === undefined && (
          <Problem what={texts.connect.notTested} error={test.error} />
        )}
        <div className="flex flex-wrap items-center gap-3">
          <Button
            busy={test.isBusy}
            disabled={!mayTest || needsKey || (isEntered && disabled)}
            onClick={() => void run()}
          >
            {texts.connect.test}
          </Button>
          <p className="text-sm text-dim">
            {needsKey ? texts.settings.keyNeeded : isEntered ? texts.settings.testsEntered : texts.settings.testsStored}
          </p>
        </div>
      </div>
    </Section>
  );
}
