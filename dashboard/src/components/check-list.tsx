import { List, Stack, Text } from "@mantine/core";
import type { ConnectionTest } from "../../../src/client/index.ts";
import { Notice } from "./notice.tsx";

const TEXTS: Record<ConnectionTest["checks"][number]["name"], { passed: string; failed: string }> = {
  reachable: { passed: "Dutchie answers", failed: "Dutchie does not answer" },
  authenticated: { passed: "The API key is accepted", failed: "The API key is not accepted" },
  location: { passed: "The key belongs to this location", failed: "The key does not belong to this location" },
  products: { passed: "Products can be read", failed: "Products cannot be read" },
  inventory: { passed: "Inventory can be read", failed: "Inventory cannot be read" },
  transactions: { passed: "Sales can be read", failed: "Sales cannot be read" },
  rooms: { passed: "Rooms can be read", failed: "Rooms cannot be read" },
  clock: { passed: "The clocks agree", failed: "The clocks do not agree" },
};

/** The result of Test Connection: each check, and what to do if it failed. */
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
              {TEXTS[name][ok ? "passed" : "failed"]}
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
