import { parseAsString, useQueryState } from "nuqs";
import { type FormEvent, useState } from "react";
import type { ConnectionTest } from "../../../../src/client/index.ts";
import { ReupError } from "../../../../src/client/index.ts";
import { SHORT_TEXT } from "../../../../src/client/rules.ts";
import { useDisconnected } from "../../data/fleet.ts";
import { type DutchieForm, useConnect, useTestConnection } from "../../data/locations.ts";
import { fieldProblems } from "../../form-problems.ts";
import { keepSecret } from "../../kept-secrets.ts";
import { paths } from "../../navigation.ts";
import { useMay } from "../../session.ts";
import { texts } from "../../texts.ts";
import { TIME_ZONES } from "../../time-zones.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { LeavingQuestion } from "../../ui/leaving-question.tsx";
import { Link } from "../../ui/link.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageTitle } from "../../ui/page-title.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Select } from "../../ui/select.tsx";
import { Connected } from "./connected.tsx";
import { DutchieFields, type DutchieValues } from "./dutchie-fields.tsx";
import { problemsOf, TestResult } from "./test-result.tsx";

type Form = DutchieValues & { name: string; time_zone: string; profile: "auto" | "pos" | "guide" };

const EMPTY: Form = {
  name: "",
  time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  endpoint: "https://api.pos.dutchie.com",
  api_key: "",
  integrator_key: "",
  location_id: "",
  profile: "auto",
};

const PROFILES = (["auto", "pos", "guide"] as const).map((value) => ({ value, label: texts.connect.profiles[value] }));

/** A new store, or the disconnected one that the address names. */
export default function Connect() {
  const [disconnected_id] = useQueryState("location", parseAsString);
  const isAllowed = useMay("admin");
  if (!isAllowed) {
    return (
      <>
        <PageTitle title={texts.connect.title} />
        <Notice tone="info" title={texts.connect.needsAdmin}>
          {texts.common.askAdmin}
        </Notice>
      </>
    );
  }
  return disconnected_id === null ? (
    <ConnectForm disconnected={null} />
  ) : (
    <Reconnect key={disconnected_id} location_id={disconnected_id} />
  );
}

function Reconnect({ location_id }: { location_id: string }) {
  const name = useDisconnected().data?.find((each) => each.location_id === location_id)?.name;
  return <ConnectForm disconnected={{ location_id, name }} />;
}

interface ConnectFormProps {
  /** null: a new store. `name` undefined: it is not known yet. */
  disconnected: { location_id: string; name: string | undefined } | null;
}

function ConnectForm({ disconnected }: ConnectFormProps) {
  const [form, setForm] = useState(EMPTY);
  const test = useTestConnection();
  const connect = useConnect(({ location, webhook }) => keepSecret(location.location_id, webhook.secret));
  const refused = testOf(connect.error);
  const result = refused ?? test.answer;
  const listed = { ...fieldProblems(test.error), ...fieldProblems(connect.error) };
  const problems = { ...dutchiePart(listed), ...problemsOf(result) };
  const isTold = Object.keys(listed).length > 0 || refused !== undefined;
  const change = (changed: Partial<Form>) => setForm((before) => ({ ...before, ...changed }));
  const submit = (reconnect_location_id = disconnected?.location_id) => {
    test.reset();
    const { name, time_zone } = form;
    const store = reconnect_location_id === undefined ? { name, time_zone } : { reconnect_location_id };
    void connect.run({ ...store, dutchie: dutchieOf(form) });
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    submit();
  };
  const was = disconnectedOf(connect.error);
  if (connect.answer !== undefined) return <Connected {...connect.answer} />;
  return (
    <>
      {disconnected === null ? (
        <PageTitle title={texts.connect.title} />
      ) : (
        <PageTitle
          title={
            disconnected.name === undefined ? texts.connect.reconnect : texts.connect.reconnectNamed(disconnected.name)
          }
          about={texts.connect.reconnectAbout}
        />
      )}
      <form onSubmit={save} className="flex max-w-3xl flex-col gap-4">
        {disconnected === null && (
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label={texts.connect.name}
              bound={SHORT_TEXT}
              required
              value={form.name}
              error={listed.name}
              onChange={({ currentTarget }) => change({ name: currentTarget.value })}
            />
            <Select
              label={texts.connect.timeZone}
              about={texts.connect.timeZoneAbout}
              options={TIME_ZONES.map((zone) => ({ value: zone, label: zone }))}
              value={form.time_zone}
              error={listed.time_zone}
              onChange={(time_zone) => change({ time_zone })}
            />
          </div>
        )}
        <DutchieFields
          values={form}
          problems={problems}
          key_hint={null}
          onChange={(changed) => {
            // What was tested is no longer what stands here.
            test.reset();
            connect.reset();
            change(changed);
          }}
        />
        <Select
          label={texts.connect.profile}
          options={PROFILES}
          value={form.profile}
          onChange={(profile) => change({ profile })}
        />
        {result !== undefined && <TestResult test={result} />}
        {test.error !== undefined && !isTold && <Problem what={texts.connect.notTested} error={test.error} />}
        {was !== undefined ? (
          <Notice
            tone="info"
            isLive
            title={texts.connect.wasConnected}
            action={
              <Button busy={connect.isBusy} onClick={() => submit(was)}>
                {texts.connect.reconnect}
              </Button>
            }
          >
            {texts.connect.wasConnectedAbout}
          </Notice>
        ) : (
          connect.error !== undefined &&
          !isTold && (
            <Problem
              what={disconnected === null ? texts.connect.notConnected : texts.connect.notReconnected}
              error={connect.error}
            />
          )
        )}
        <div className="flex flex-wrap items-center gap-3">
          <Button
            busy={test.isBusy}
            disabled={form.api_key === "" || form.endpoint === ""}
            onClick={() => {
              connect.reset();
              void test.run(dutchieOf(form));
            }}
          >
            {texts.connect.test}
          </Button>
          <Button type="submit" kind="primary" busy={connect.isBusy}>
            {disconnected === null ? texts.connect.submit : texts.connect.reconnect}
          </Button>
          <Link href={paths.stores}>{texts.connect.back}</Link>
        </div>
      </form>
      <LeavingQuestion isUnsaved={form !== EMPTY} />
    </>
  );
}

function dutchieOf({ endpoint, api_key, integrator_key, location_id, profile }: Form): DutchieForm {
  return {
    endpoint,
    api_key,
    profile,
    ...(integrator_key === "" ? {} : { integrator_key }),
    ...(location_id === "" ? {} : { location_id }),
  };
}

/** The API refuses to connect it as a new store: its records would be there twice. */
function disconnectedOf(error: unknown): string | undefined {
  const id = error instanceof ReupError ? error.details.disconnected_location_id : undefined;
  return typeof id === "string" ? id : undefined;
}

/** The API names fields of Dutchie as `dutchie.api_key`. */
export const dutchiePart = (listed: Record<string, string>) =>
  Object.fromEntries(Object.entries(listed).map(([path, problem]) => [path.replace(/^dutchie\./, ""), problem]));

/** Connecting and changing test first. A refusal carries the test that failed. */
export function testOf(error: unknown): ConnectionTest | undefined {
  const test = error instanceof ReupError ? error.details.test : undefined;
  return typeof test === "object" && test !== null ? (test as ConnectionTest) : undefined;
}
