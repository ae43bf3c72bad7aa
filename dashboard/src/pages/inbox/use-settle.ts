import { useState } from "react";
import { toast } from "sonner";
import { ReupError } from "../../../../src/client/index.ts";
import { useRefreshInbox } from "../../data/inbox.ts";
import type { InboxItem } from "../../data/inbox-items.ts";
import { endIfRefused } from "../../swr-options.ts";
import { texts } from "../../texts.ts";

const t = texts.inbox;
/** ms; how long Undo is offered. */
const UNDO_MS = 8_000;

interface Settling<T extends InboxItem> {
  items: readonly T[];
  send: (item: T) => Promise<unknown>;
  /** What to say when it is done, of so many. */
  said: (n: number) => string;
  /** Takes it back. Without it, nothing can. */
  undo?: (item: T) => Promise<unknown>;
  /** The API cannot take it back: it is sent only when Undo is no longer offered. */
  isDelayed?: boolean;
}

export interface Settle {
  /** Items that are settled, until the list is loaded again. */
  hidden: ReadonlySet<string>;
  isBusy: boolean;
  settle: <T extends InboxItem>(settling: Settling<T>) => Promise<void>;
}

/** Settles items: each answers for itself, and what can be undone offers it. `onSettled` hears of them before the list is loaded again. */
export function useSettle(onSettled: (ids: ReadonlySet<string>) => void): Settle {
  const refresh = useRefreshInbox();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [isBusy, setBusy] = useState(false);
  const hide = (ids: ReadonlySet<string>) => setHidden((before) => new Set([...before, ...ids]));
  const show = (ids: ReadonlySet<string>) => setHidden((before) => new Set([...before].filter((id) => !ids.has(id))));

  const settle: Settle["settle"] = async (settling) => {
    const { items, send, said, undo, isDelayed = false } = settling;
    if (isDelayed) return delay(settling);
    setBusy(true);
    const { done, failed } = await sendAll(items, send);
    setBusy(false);
    tellFailed(failed);
    if (done.length > 0) {
      const ids = idsOf(done);
      hide(ids);
      onSettled(ids);
      const takeBack = async () => {
        const { failed: kept } = await sendAll(done, async (item) => undo?.(item));
        show(ids);
        await refresh();
        if (kept.length === 0) toast.success(t.undone);
        else toast.error(t.notUndone, { description: messageOf(kept[0]) });
      };
      const action = undo && { action: { label: texts.common.undo, onClick: () => void takeBack() } };
      toast.success(said(done.length), { duration: UNDO_MS, ...action });
      await refresh();
      // The list is right again: what it still has, or has anew, waits.
      show(ids);
    } else await refresh();
  };

  const delay = async <T extends InboxItem>({ items, send, said }: Settling<T>) => {
    const ids = idsOf(items);
    hide(ids);
    onSettled(ids);
    // If the page is closed before, the item stays where it was: nothing is lost.
    const timer = setTimeout(async () => {
      // A toast outlives its time while somebody points at it: its Undo would do nothing.
      toast.dismiss(told);
      const { failed } = await sendAll(items, send);
      tellFailed(failed);
      await refresh();
      show(ids);
    }, UNDO_MS);
    const takeBack = () => {
      clearTimeout(timer);
      show(ids);
    };
    const told = toast.success(said(items.length), {
      duration: Number.POSITIVE_INFINITY,
      action: { label: texts.common.undo, onClick: takeBack },
    });
  };

  return { hidden, isBusy, settle };
}

const idsOf = (items: readonly InboxItem[]): ReadonlySet<string> => new Set(items.map(({ item_id }) => item_id));

/** One after the other: a store decides one thing at a time anyway. */
async function sendAll<T>(items: readonly T[], send: (item: T) => Promise<unknown>) {
  const done: T[] = [];
  const failed: unknown[] = [];
  for (const item of items) {
    try {
      await send(item);
      done.push(item);
    } catch (error) {
      endIfRefused(error);
      failed.push(error);
    }
  }
  return { done, failed };
}

function tellFailed(failed: readonly unknown[]): void {
  if (failed.length > 0) toast.error(t.failed(failed.length), { description: messageOf(failed[0]) });
}

const messageOf = (error: unknown): string => (error instanceof ReupError ? error.message : texts.common.notReadable);
