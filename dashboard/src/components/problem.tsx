import { Button } from "@mantine/core";
import { ReupError } from "../../../src/client/index.ts";
import { Notice } from "./notice.tsx";

/** What went wrong and what to do about it. */
export function Problem({ what, error, retry }: { what: string; error: unknown; retry?: () => unknown }) {
  const known = error instanceof ReupError ? error : null;
  const again = retry !== undefined && (
    <Button variant="default" size="xs" onClick={() => void retry()}>
      Try again
    </Button>
  );
  return (
    <Notice tone="bad" title={what} action={again} live>
      {known?.message ?? "Something unexpected happened."}
      {known !== null && known.status >= 500 && known.request_id !== null && (
        <> Quote {known.request_id} when you report it.</>
      )}
      {known?.status === 403 && <> Ask an admin of your organisation to do it, or to give you that role.</>}
    </Notice>
  );
}
