import { Checkbox } from "@mantine/core";
import { useState } from "react";
import { ConfirmButton } from "../../components/confirm-button.tsx";
import { Problem } from "../../components/problem.tsx";
import { useDisconnect } from "../../data/locations.ts";
import { navigate } from "../../navigation.ts";
import { useMay } from "../../session.ts";
import { useStore } from "../store/store-context.ts";
import { Section } from "./section.tsx";

export function DisconnectSettings() {
  const { location } = useStore();
  const [purge, setPurge] = useState(false);
  const disconnect = useDisconnect(location.location_id);
  const may = useMay("admin");
  return (
    <Section title="Disconnect" about="Syncs and webhooks of this store stop.">
      <Checkbox
        label="Remove its records from ReUp, too"
        disabled={!may}
        checked={purge}
        onChange={(event) => setPurge(event.currentTarget.checked)}
      />
      {disconnect.isError && <Problem what="The store was not disconnected" error={disconnect.error} />}
      <div>
        <ConfirmButton
          label="Disconnect"
          question={`Disconnect ${location.name}?`}
          disabled={!may}
          loading={disconnect.isPending}
          onConfirm={() => disconnect.mutate(purge, { onSuccess: () => navigate("/") })}
        >
          {purge
            ? "All its products, packages and sales are removed from ReUp. This cannot be undone."
            : "Its records stay in ReUp, but are no longer updated."}
        </ConfirmButton>
      </div>
    </Section>
  );
}
