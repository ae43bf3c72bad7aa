import { useState } from "react";
import { useLocation } from "wouter";
import { useDisconnect } from "../../data/locations.ts";
import { paths } from "../../navigation.ts";
import { useMay } from "../../session.ts";
import { texts } from "../../texts.ts";
import { Section } from "../../ui/card.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { ConfirmButton } from "../../ui/confirm-button.tsx";
import { Problem } from "../../ui/problem.tsx";
import { useStore } from "../store/store-context.ts";

export function DisconnectSettings() {
  const { location } = useStore();
  const [, navigate] = useLocation();
  const [purge, setPurge] = useState(false);
  const disconnect = useDisconnect(location.location_id, () => navigate(paths.stores));
  const isAllowed = useMay("admin");
  return (
    <Section title={texts.settings.disconnect} about={texts.settings.disconnectAbout}>
      <div className="flex flex-col gap-3">
        <Checkbox label={texts.settings.purge} disabled={!isAllowed} checked={purge} onChange={setPurge} />
        {disconnect.error !== undefined && <Problem what={texts.settings.notDisconnected} error={disconnect.error} />}
        <div>
          <ConfirmButton
            action={texts.settings.disconnectStore}
            title={texts.settings.disconnectQuestion(location.name)}
            disabled={!isAllowed}
            busy={disconnect.isBusy}
            onConfirm={() => void disconnect.run(purge)}
          >
            {purge ? texts.settings.purgeAbout : texts.settings.keepAbout}
          </ConfirmButton>
        </div>
      </div>
    </Section>
  );
}
