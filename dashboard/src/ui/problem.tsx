import type { ReactNode } from "react";
import { ReupError } from "../../../src/client/index.ts";
import { texts } from "../texts.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";

export interface ProblemProps {
  what: string;
  error: unknown;
  retry?: () => unknown;
  /** More about it. */
  children?: ReactNode;
}

/** What went wrong and what to do about it. */
export function Problem({ what, error, retry, children }: ProblemProps) {
  // The client's errors are ReUp's or its connection's. Any other arose while the answer was read.
  const known = error instanceof ReupError ? error : null;
  const again = retry !== undefined && (
    <Button size="sm" onClick={() => void retry()}>
      {texts.common.tryAgain}
    </Button>
  );
  return (
    <Notice tone="bad" title={what} action={again} isLive>
      {known?.message ?? texts.common.notReadable}
      {known !== null && known.status >= 500 && known.request_id !== null && (
        <> {texts.common.quote(known.request_id)}</>
      )}
      {children}
      {known?.status === 403 && <> {texts.common.askAdmin}</>}
    </Notice>
  );
}
