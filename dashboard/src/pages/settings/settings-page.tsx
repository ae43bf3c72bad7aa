import { Stack } from "@mantine/core";
import { Notice } from "../../components/notice.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { useMay } from "../../session.ts";
import { ConnectionSettings } from "./connection-settings.tsx";
import { DirectionSettings } from "./direction-settings.tsx";
import { DisconnectSettings } from "./disconnect-settings.tsx";
import { SyncSettings } from "./sync-settings.tsx";
import { WebhookSettings } from "./webhook-settings.tsx";
import { WordSettings } from "./word-settings.tsx";

export default function SettingsPage() {
  const may = useMay("admin");
  return (
    <>
      <PageTitle title="Settings" where="Settings > Integrations > Dutchie" />
      {!may && (
        <Notice tone="info" title="You can see the settings, but not change them">
          Changing them needs the role admin.
        </Notice>
      )}
      <Stack gap="md" maw={860}>
        <ConnectionSettings />
        <SyncSettings />
        <DirectionSettings />
        <WordSettings />
        <WebhookSettings />
        <DisconnectSettings />
      </Stack>
    </>
  );
}
