import { texts } from "../texts.ts";
import { Spinner } from "./spinner.tsx";

export function Loading({ what }: { what: string }) {
  return (
    <div role="status" className="flex items-center gap-3 py-4">
      <Spinner />
      {texts.common.loading(what)}
    </div>
  );
}
