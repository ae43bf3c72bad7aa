import { Alert, Anchor, Button, Group, PasswordInput, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { CheckList } from "../components/check-list.tsx";
import { CopyField } from "../components/copy-field.tsx";
import { fieldProblems } from "../components/form-problems.ts";
import { Link } from "../components/link.tsx";
import { Notice } from "../components/notice.tsx";
import { PageTitle } from "../components/page-title.tsx";
import { Problem } from "../components/problem.tsx";
import { type DutchieForm, useConnect, useTestConnection } from "../data/locations.ts";
import { useStartRun } from "../data/runs.ts";
import { navigate, storePath } from "../navigation.ts";
import { TIME_ZONES } from "./time-zones.ts";

const EMPTY = {
  name: "",
  time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  endpoint: "https://api.pos.dutchie.com",
  api_key: "",
  integrator_key: "",
  location_id: "",
  profile: "auto" as const,
};
type Form = Omit<typeof EMPTY, "profile"> & { profile: "auto" | "pos" | "guide" };

function dutchieOf({ endpoint, api_key, integrator_key, location_id, profile }: Form): DutchieForm {
  return {
    endpoint,
    api_key,
    profile,
    ...(integrator_key === "" ? {} : { integrator_key }),
    ...(location_id === "" ? {} : { location_id }),
  };
}

export default function Connect() {
  const [form, setForm] = useState<Form>(EMPTY);
  const test = useTestConnection();
  const connect = useConnect();
  const problems = { ...fieldProblems(test.error), ...fieldProblems(connect.error) };
  const field = (name: keyof Form, path: string = name) => ({
    value: form[name],
    error: problems[path],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setForm((before) => ({ ...before, [name]: value }));
    },
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    connect.mutate({ name: form.name, time_zone: form.time_zone, dutchie: dutchieOf(form) });
  };
  if (connect.data !== undefined) return <Connected {...connect.data} />;
  return (
    <>
      <PageTitle title="Connect a store" where="Settings > Integrations > Dutchie" />
      <form onSubmit={save}>
        <Stack maw={760}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput label="Store name" required {...field("name")} />
            <Select
              label="Time zone"
              description="Pages show times in it, and the nightly sync follows it"
              required
              searchable
              data={TIME_ZONES}
              value={form.time_zone}
              error={problems.time_zone}
              onChange={(time_zone) => setForm((before) => ({ ...before, time_zone: time_zone ?? before.time_zone }))}
            />
          </SimpleGrid>
          <TextInput label="Dutchie API endpoint" required {...field("endpoint", "dutchie.endpoint")} />
          <PasswordInput
            label="API key"
            description="The key of one Dutchie location. It needs the roles Reporting, Inventory and Room. It is stored encrypted and never shown again."
            required
            autoComplete="off"
            visibilityToggleButtonProps={{ "aria-label": "Show or hide the API key" }}
            {...field("api_key", "dutchie.api_key")}
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <PasswordInput
              label="Integrator key (if you have one)"
              autoComplete="off"
              visibilityToggleButtonProps={{ "aria-label": "Show or hide the integrator key" }}
              {...field("integrator_key", "dutchie.integrator_key")}
            />
            <TextInput
              label="Dutchie location id (if the key needs it)"
              {...field("location_id", "dutchie.location_id")}
            />
          </SimpleGrid>
          <Select
            label="API"
            data={[
              { value: "auto", label: "Find out automatically" },
              { value: "pos", label: "Dutchie's point-of-sale API" },
              { value: "guide", label: "The API of ReUp's guide" },
            ]}
            value={form.profile}
            allowDeselect={false}
            onChange={(profile) =>
              setForm((before) => ({ ...before, profile: (profile ?? "auto") as Form["profile"] }))
            }
          />
          {test.data !== undefined && <CheckList test={test.data} />}
          {test.isError && <Problem what="The connection could not be tested" error={test.error} />}
          {connect.isError && <Problem what="The store could not be connected" error={connect.error} />}
          <Group>
            <Button
              variant="default"
              loading={test.isPending}
              disabled={form.api_key === "" || form.endpoint === ""}
              onClick={() => test.mutate(dutchieOf(form))}
            >
              Test Connection
            </Button>
            <Button type="submit" loading={connect.isPending}>
              Connect
            </Button>
            <Anchor component={Link} href="/">
              Back to the stores
            </Anchor>
          </Group>
        </Stack>
      </form>
    </>
  );
}

function Connected({
  location,
  webhook,
}: {
  location: { location_id: string; name: string };
  webhook: { url: string; secret: string };
}) {
  const start = useStartRun(location.location_id);
  return (
    <>
      <PageTitle title={`${location.name} is connected`} where="Settings > Integrations > Dutchie" />
      <Stack maw={760}>
        <Alert
          variant="outline"
          color="brand"
          title="Enter these in Dutchie, so that changes arrive within seconds"
          c="var(--mantine-color-text)"
        >
          <Stack gap="sm">
            <CopyField label="Webhook address" value={webhook.url} />
            <CopyField label="Webhook secret" value={webhook.secret} />
          </Stack>
        </Alert>
        <Notice tone="warning" title="The secret is shown only once">
          Copy it now. You can make a new one in the store's settings at any time.
        </Notice>
        {start.isError && <Problem what="The initial sync could not be started" error={start.error} />}
        <Group>
          <Button
            loading={start.isPending}
            onClick={() =>
              start.mutate({ mode: "initial" }, { onSuccess: () => navigate(storePath(location.location_id, "sync")) })
            }
          >
            Run initial sync
          </Button>
          <Anchor component={Link} href={storePath(location.location_id, "settings")}>
            Go to the settings first
          </Anchor>
        </Group>
      </Stack>
    </>
  );
}
