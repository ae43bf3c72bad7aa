import { Component, type ReactNode, Suspense } from "react";
import { texts } from "../texts.ts";
import { Button } from "./button.tsx";
import { Loading } from "./loading.tsx";
import { Notice } from "./notice.tsx";

interface FallibleProps {
  /** What it shows: once one of these is another, a failure is over. */
  of: readonly unknown[];
  children: ReactNode;
}

/** What is within fails alone and says so: the rest of the page stays. React logs the error. */
export class Fallible extends Component<FallibleProps, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override componentDidUpdate(before: FallibleProps) {
    const isOther = this.props.of.some((each, i) => each !== before.of[i]);
    if (isOther && this.state.hasFailed) this.setState({ hasFailed: false });
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <Notice
        tone="bad"
        isLive
        title={texts.common.notShown}
        action={
          <Button size="sm" onClick={() => location.reload()}>
            {texts.common.loadAgain}
          </Button>
        }
      >
        {texts.common.notShownAbout}
      </Notice>
    );
  }
}

/**
 * A part of the pages with a file of its own. The file cannot be loaded while ReUp is away, nor by a page that was opened
 * before a deployment.
 */
export function Part({ of, what, children }: FallibleProps & { what: string | null }) {
  return (
    <Fallible of={of}>
      <Suspense fallback={what === null ? null : <Loading what={what} />}>{children}</Suspense>
    </Fallible>
  );
}
