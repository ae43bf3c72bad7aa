import { Anchor } from "@mantine/core";
import type { Push } from "../../../../../src/client/index.ts";
import { Link } from "../../../components/link.tsx";
import { Time } from "../../../components/time.tsx";
import { counted } from "../../../format.ts";
import { storePath } from "../../../navigation.ts";
import { useStore } from "../store-context.ts";

/** What happened to a push, or what happens next and when. */
export function PushNext({ push }: { push: Push }) {
  const { location } = useStore();
  const { attempts, error, next_attempt_at, reason, sent_at, state } = push;
  switch (state) {
    case "waiting":
      return error === null ? (
        <>It will be sent in a moment.</>
      ) : (
        <>
          {error.message}. {attempts > 0 && `Tried ${counted(attempts, "time")}. `}The next try is{" "}
          <Time at={next_attempt_at} relative none="soon" />.
        </>
      );
    case "sending":
      return <>It is being sent to Dutchie now.</>;
    case "done":
      return reason === null ? (
        <>
          Dutchie accepted it on <Time at={sent_at} />.
        </>
      ) : (
        reason
      );
    case "parked":
      return (
        <>
          {error?.message}. Tried {counted(attempts, "time")}. It is not tried again by itself. {error?.hint} Then
          select Send now.
        </>
      );
    case "conflict":
      return (
        <>
          {reason} Choose the value to keep under{" "}
          <Anchor component={Link} href={storePath(location.location_id, "reviews")} size="sm">
            Reviews
          </Anchor>
          .
        </>
      );
    case "cancelled":
      return reason;
  }
}
