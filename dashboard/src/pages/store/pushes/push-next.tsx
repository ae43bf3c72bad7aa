import { Anchor } from "@mantine/core";
import type { Push } from "../../../../../src/client/index.ts";
import { Link } from "../../../components/link.tsx";
import { Time } from "../../../components/time.tsx";
import { counted } from "../../../format.ts";
import { storePath } from "../../../navigation.ts";
import { useStore } from "../store-context.ts";

/** What became of a push or will become of it, and when. */
export function PushNext({ push }: { push: Push }) {
  const { location } = useStore();
  const { attempts, error, next_attempt_at, reason, sent_at, state } = push;
  switch (state) {
    case "waiting":
      return error === null ? (
        <>It is sent in a moment.</>
      ) : (
        <>
          {error.message}. {attempts > 0 && `Tried ${counted(attempts, "time")}; `}it is sent again{" "}
          <Time at={next_attempt_at} relative none="soon" />.
        </>
      );
    case "sending":
      return <>Dutchie is read and written to right now.</>;
    case "done":
      return reason === null ? (
        <>
          Dutchie has it, since <Time at={sent_at} />.
        </>
      ) : (
        reason
      );
    case "parked":
      return (
        <>
          {error?.message}. Tried {counted(attempts, "time")}; nothing more happens by itself. {error?.hint} Then send
          it again.
        </>
      );
    case "conflict":
      return (
        <>
          {reason} Decide which value holds, under{" "}
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
