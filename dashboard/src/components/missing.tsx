import { ReupError } from "../../../src/client/index.ts";
import { Notice } from "./notice.tsx";
import { Problem } from "./problem.tsx";

/** A list that could not be read. An older server without the list is no error. */
export function Missing({ what, error, retry }: { what: string; error: unknown; retry: () => unknown }) {
  if (error instanceof ReupError && error.status === 404) {
    return (
      <Notice tone="info" title={`This server does not offer ${what} yet`}>
        Everything else works without it.
      </Notice>
    );
  }
  return <Problem what={`The ${what} could not be loaded`} error={error} retry={retry} />;
}
