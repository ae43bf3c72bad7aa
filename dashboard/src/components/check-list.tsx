import { List, Stack, Text } from "@mantine/core";
import type { ConnectionTest } from "../../../src/client/index.ts";
import { Notice } from "./notice.tsx";

const NAMES: Record<ConnectionTest["checks"][number]["name"], string> = {
  reachable: "Dutchie answers",
  authenticated: "The API key is accepted",
  location: "The key belongs to this location",
  products: "Products can be read",
  inventory: "Inventory can be read",
  transactions: "Sales can be read",
  rooms: "Rooms can be read",
  clock: "The clocks agree",
};

/** Test Connection: each check ticked, or what to do about it. */
export function CheckList({ test }: { test: ConnectionTest }) {
  const title = test.ok
    ? `Connected${test.location?.name ? ` to ${test.location.name}` : ""}, in ${Math.round(test.latency_ms)} ms`
    : (test.error?.message ?? "The connection does not work yet");
  return (
    <Stack gap="sm">
      <Notice tone={test.ok ? "good" : "bad"} title={title} live>
        {test.error?.hint}
      </Notice>
      <List listStyleType="none" spacing="xs">
        {test.checks.map(({ name, ok, detail, hint }) => (
          <List.Item key={name}>
            <Text component="span" fw={600}>
              <span aria-hidden>{ok ? "✓ " : "✕ "}</span>
              {NAMES[name]}
              {ok ? "" : ": no"}
            </Text>{" "}
            <Text component="span" size="sm" c="dimmed">
              {detail}
            </Text>
            {hint !== undefined && <Text size="sm">{hint}</Text>}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
