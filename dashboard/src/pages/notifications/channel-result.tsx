import type { AlertChannel } from "../../../../src/client/index.ts";
import { useAskRecipient, type useTestAlertChannel } from "../../data/channels.ts";
import { duration } from "../../format.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Time } from "../../ui/time.tsx";

/** What became of a test. */
export function ChannelResult({ result }: { result: NonNullable<ReturnType<typeof useTestAlertChannel>["answer"]> }) {
  if (result.error !== null) {
    return (
      <Notice tone="bad" title={texts.notifications.notArrived(result.error.message)} isLive>
        {result.error.hint}
      </Notice>
    );
  }
  return <Notice tone="good" title={texts.notifications.arrived(duration(result.latency_ms))} isLive />;
}

/** An e-mail address gets nothing before its owner agreed. */
export function Waiting({ channel_id }: { channel_id: string }) {
  const ask = useAskRecipient(channel_id);
  const again = (
    <Button size="sm" busy={ask.isBusy} onClick={() => void ask.run(undefined)}>
      {texts.notifications.askAgain}
    </Button>
  );
  return (
    <>
      <Notice tone="warn" title={texts.notifications.waiting} action={again}>
        {texts.notifications.waitingAbout} {ask.answer !== undefined && texts.notifications.asked}
      </Notice>
      {ask.error !== undefined && <Problem what={texts.notifications.notAsked} error={ask.error} />}
    </>
  );
}

export function LastSent({ channel }: { channel: AlertChannel }) {
  const sent =
    channel.last_sent_at === null ? (
      texts.notifications.nothingSent
    ) : (
      <>
        {texts.notifications.lastSent} <Time at={channel.last_sent_at} isRelative />.
      </>
    );
  if (channel.last_error === null) return <p className="text-sm">{sent}</p>;
  return (
    <Notice tone="bad" title={texts.notifications.failing(channel.last_error.message)}>
      {channel.last_error.hint} {texts.notifications.lastTried} <Time at={channel.failed_at} isRelative />. {sent}
    </Notice>
  );
}
