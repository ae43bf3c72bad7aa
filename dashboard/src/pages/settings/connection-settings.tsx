import { Button, Group, PasswordInput, Select, SimpleGrid, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { CheckList } from "../../components/check-list.tsx";
import { fieldProblems } from "../../components/form-problems.ts";
import { Notice } from "../../components/notice.tsx";
import { Problem } from "../../components/problem.tsx";
import { type LocationPatch, useChangeLocation, useTestStored } from "../../data/locations.ts";
import { useMay } from "../../session.ts";
import { useStore } from "../store/store-context.ts";
import { TIME_ZONES } from "../time-zones.ts";
import { Section } from "./section.tsx";

export function ConnectionSettings() {
  const { location } = useStore();
  const [name, setName] = useState(location.name);
  const [time_zone, setTimeZone] = useState(location.time_zone);
  const [endpoint, setEndpoint] = useState(location.dutchie.endpoint);
  const [api_key, setApiKey] = useState("");
  const [integrator_key, setIntegratorKey] = useState("");
  const change = useChangeLocation(location.location_id);
  const test = useTestStored(location.location_id);
  const may = useMay("admin");
  const mayTest = useMay("manager");
  const problems = fieldProblems(change.error);
  const save = (event: FormEvent) => {
    event.preventDefault();
    const dutchie = {
      ...(endpoint === location.dutchie.endpoint ? {} : { endpoint }),
      ...(api_key === "" ? {} : { api_key }),
      ...(integrator_key === "" ? {} : { integrator_key }),
      // On a new host, no integrator key entered means that there is none: the stored one is not sent there.
      ...(integrator_key === "" && api_key !== "" && movesHost(location.dutchie.endpoint, endpoint)
        ? { integrator_key: null }
        : {}),
    };
    const patch: LocationPatch = { name, time_zone, ...(Object.keys(dutchie).length === 0 ? {} : { dutchie }) };
    const onSuccess = () => {
      setApiKey("");
      setIntegratorKey("");
    };
    change.mutate(patch, { onSuccess });
  };
  return (
    <Section title="Connection" about="A new endpoint or key is tested before it replaces the current one.">
      <form onSubmit={save}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label="Store name"
            required
            disabled={!may}
            value={name}
            error={problems.name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label="Time zone"
            searchable
            required
            disabled={!may}
            data={TIME_ZONES}
            value={time_zone}
            error={problems.time_zone}
            onChange={(value) => value !== null && setTimeZone(value)}
          />
          <TextInput
            label="Dutchie API endpoint"
            required
            disabled={!may}
            value={endpoint}
            error={problems["dutchie.endpoint"]}
            onChange={(event) => setEndpoint(event.currentTarget.value)}
          />
          <PasswordInput
            label="API key"
            placeholder={`Stored: ${location.dutchie.api_key_hint}`}
            autoComplete="off"
            disabled={!may}
            value={api_key}
            error={problems["dutchie.api_key"]}
            visibilityToggleButtonProps={{ "aria-label": "Show or hide the API key" }}
            onChange={(event) => setApiKey(event.currentTarget.value)}
          />
          <PasswordInput
            label="Integrator key"
            description="Only if you have one. If you change the endpoint, enter both keys again."
            autoComplete="off"
            disabled={!may}
            value={integrator_key}
            error={problems["dutchie.integrator_key"]}
            visibilityToggleButtonProps={{ "aria-label": "Show or hide the integrator key" }}
            onChange={(event) => setIntegratorKey(event.currentTarget.value)}
          />
        </SimpleGrid>
        <Text size="sm" c="dimmed" my="sm">
          API: {location.dutchie.profile === "pos" ? "Dutchie's point-of-sale API" : "the API of ReUp's guide"}. Dutchie
          location: {location.dutchie.location_id ?? "not given"}
        </Text>
        <Group>
          <Button type="submit" disabled={!may} loading={change.isPending}>
            Save connection
          </Button>
          <Button variant="default" disabled={!mayTest} loading={test.isPending} onClick={() => test.mutate()}>
            Test Connection
          </Button>
        </Group>
      </form>
      {change.isSuccess && <Notice tone="good" title="Saved" live />}
      {change.isError && <Problem what="The connection was not changed" error={change.error} />}
      {test.data !== undefined && <CheckList test={test.data} />}
      {test.isError && <Problem what="The connection could not be tested" error={test.error} />}
    </Section>
  );
}

function movesHost(from: string, to: string): boolean {
  return URL.canParse(to) && new URL(to).origin !== new URL(from).origin;
}
