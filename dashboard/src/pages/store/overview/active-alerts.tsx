import { Button, Text } from "@mantine/core";
import type { Alert } from "../../../../../src/client/index.ts";
import { Notice } from "../../../components/notice.tsx";
import { Problem } from "../../../components/problem.tsx";
import { Time } from "../../../components/time.tsx";
import { useAcknowledgeAlert } from "../../../data/alerts.ts";
import { words } from "../../../format.ts";
import { useMay } from "../../../session.ts";

export function ActiveAlerts({ alerts }: { alerts: readonly Alert[] }) {
  const acknowledge = useAcknowledgeAlert();
  const may = useMay("manager");
  return (
    <>
      {alerts.map((alert) => (
        <Notice
          key={alert.alert_id}
          tone={alert.severity === "critical" ? "bad" : "warning"}
          title={`Alert: ${words(alert.rule)}`}
          action={
            may &&
            (alert.acknowledged_at !== null ? (
              <Text size="sm">Acknowledged</Text>
            ) : (
              <Button
                variant="default"
                size="xs"
                loading={acknowledge.isPending}
                onClick={() => acknowledge.mutate(alert.alert_id)}
              >
                Acknowledge
              </Button>
            ))
          }
        >
          {alert.message} (began <Time at={alert.started_at} relative />)
        </Notice>
      ))}
      {acknowledge.isError && <Problem what="The alert could not be acknowledged" error={acknowledge.error} />}
    </>
  );
}
