import { texts } from "../texts.ts";
import { KeptSecret } from "./kept-secret.tsx";

/** The secret to enter in Dutchie. */
export function WebhookSecret({ location_id }: { location_id: string }) {
  const { secretOnce, webhookSecret, secretEntered } = texts.settings;
  return <KeptSecret id={location_id} title={secretOnce} label={webhookSecret} entered={secretEntered} />;
}
