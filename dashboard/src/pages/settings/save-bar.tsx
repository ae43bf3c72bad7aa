import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import { Problem } from "../../ui/problem.tsx";

export interface SaveBarProps {
  isChanged: boolean;
  isSaved: boolean;
  isBusy: boolean;
  /** The last attempt to save was refused; the fields say why. */
  isRefused: boolean;
  /** The last attempt to save failed, and no field says why; undefined: it did not. */
  failure: unknown;
  onDiscard: () => void;
}

/** In sight as long as something is unsaved. */
export function SaveBar({ isChanged, isSaved, isBusy, isRefused, failure, onDiscard }: SaveBarProps) {
  if (!isChanged) {
    return (
      <p role="status" className="text-good">
        {isSaved && texts.settings.saved}
      </p>
    );
  }
  return (
    <section
      aria-label={texts.settings.unsaved}
      className="sticky bottom-3 z-20 flex flex-wrap items-center justify-between gap-3 rounded-lg border border-edge bg-surface p-3 shadow-lg"
    >
      {failure !== undefined && (
        <div className="basis-full">
          <Problem what={texts.settings.notSaved} error={failure} />
        </div>
      )}
      <p role="status" className={isRefused ? "text-bad" : ""}>
        {isRefused ? texts.settings.seeFields : texts.settings.unsaved}
      </p>
      <div className="flex gap-2">
        <Button disabled={isBusy} onClick={onDiscard}>
          {texts.settings.discard}
        </Button>
        <Button type="submit" kind="primary" busy={isBusy}>
          {texts.settings.save}
        </Button>
      </div>
    </section>
  );
}
