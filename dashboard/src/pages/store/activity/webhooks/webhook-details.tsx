import { useEvent, useReplayEvent } from "../../../../data/events.ts";
import { useMay } from "../../../../session.ts";
import { texts } from "../../../../texts.ts";
import { Button } from "../../../../ui/button.tsx";
import { Dialog } from "../../../../ui/dialog.tsx";
import { Facts } from "../../../../ui/facts.tsx";
import { Fold } from "../../../../ui/fold.tsx";
import { ListState } from "../../../../ui/list-state.tsx";
import { Notice } from "../../../../ui/notice.tsx";
import { Payload } from "../../../../ui/payload.tsx";
import { Problem } from "../../../../ui/problem.tsx";
import { StateBadge } from "../../../../ui/state-badge.tsx";
import { Time } from "../../../../ui/time.tsx";
import { useStore } from "../../store-context.ts";
import { kindOf } from "./webhook-kind.ts";

const t = texts.activity.webhooks;

/** One webhook beside the page; the address leads to it. */
export function WebhookDetails({ event_id, onClose }: { event_id: string; onClose: () => void }) {
  const { location_id } = useStore().location;
  const event = useEvent(location_id, event_id);
  const replay = useReplayEvent(location_id);
  const may = useMay("manager");
  return (
    <Dialog isOpen isPanel onClose={onClose} title={event.data === undefined ? t.theWebhook : kindOf(event.data.type)}>
      <ListState list={event} what={t.theWebhook} notLoaded={t.oneNotLoaded}>
        {({ outcome, reason, occurred_at, received_at, type, body }) => (
          <>
            <StateBadge state={outcome} />
            {reason !== null && <p>{reason}</p>}
            <Facts
              facts={[
                [t.happened, <Time key="happened" at={occurred_at} />],
                [t.received, <Time key="received" at={received_at} />],
              ]}
            />
            {replay.answer !== undefined && (
              <Notice tone="good" title={t.isAgain} isLive>
                {t.isAgainAbout}
              </Notice>
            )}
            {replay.error !== undefined && <Problem what={t.notAgain} error={replay.error} />}
            {may && (
              <div>
                <Button busy={replay.isBusy} onClick={() => void replay.run(event_id)}>
                  {t.again}
                </Button>
              </div>
            )}
            <Fold summary={texts.activity.syncs.technical}>
              <div className="flex flex-col gap-2">
                <Facts
                  facts={[
                    ["event_id", event_id],
                    ["type", type],
                  ]}
                />
                <Payload label={t.message} value={body} />
              </div>
            </Fold>
          </>
        )}
      </ListState>
    </Dialog>
  );
}
