import { X } from "lucide-react";
import { AlertDialog, Dialog as Radix } from "radix-ui";
import { createContext, type ReactNode, type RefObject, useRef } from "react";
import { texts } from "../texts.ts";
import { Button, IconButton } from "./button.tsx";
import { classes } from "./classes.ts";

const SHADE = "fixed inset-0 z-40 bg-black/50";
const BOX = "fixed z-50 overflow-y-auto border-line bg-surface p-5 shadow-xl";
const WINDOW = classes(
  BOX,
  "top-1/2 left-1/2 max-h-[90dvh] w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 rounded-lg border",
);
const PANEL = classes(BOX, "inset-y-0 right-0 w-[min(44rem,100vw)] border-l");

type Ask = (close: () => void) => void;
/** Whoever has unsaved entries in a dialog puts its question here: every way to close the dialog then asks first. */
export const AskBeforeClosing = createContext<RefObject<Ask | null> | null>(null);

export interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: ReactNode;
  about?: ReactNode;
  children: ReactNode;
  /** Beside the page, over its full height. */
  isPanel?: boolean;
}

export function Dialog({ isOpen, onClose, title, about, children, isPanel = false }: DialogProps) {
  const unexplained = about === undefined ? { "aria-describedby": undefined } : {};
  const ask = useRef<Ask | null>(null);
  const close = () => (ask.current === null ? onClose() : ask.current(onClose));
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && close()}>
      <Radix.Portal>
        <Radix.Overlay className={SHADE} />
        <Radix.Content className={isPanel ? PANEL : WINDOW} {...unexplained}>
          <div className="mb-4 flex items-start justify-between gap-3">
            <div className="min-w-0">
              <Radix.Title className="text-lg font-semibold wrap-anywhere">{title}</Radix.Title>
              {about !== undefined && <Radix.Description className="text-sm text-dim">{about}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <IconButton label={texts.common.close} size="sm">
                <X aria-hidden size={18} />
              </IconButton>
            </Radix.Close>
          </div>
          <AskBeforeClosing value={ask}>{children}</AskBeforeClosing>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Closes the dialog that it is in. */
export const GoBack = () => (
  <Radix.Close asChild>
    <Button>{texts.common.goBack}</Button>
  </Radix.Close>
);

export interface QuestionProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** What the action will do. */
  children: ReactNode;
  /** The action's verb and object. */
  action: string;
  /** What it says to leave all as it is. */
  leave?: string;
  onConfirm: () => void;
  isDangerous?: boolean;
  isDisabled?: boolean;
}

/** Asks before an action that is hard to undo. To leave all as it is has the focus. */
export function Question({ isOpen, onClose, title, children, action, onConfirm, ...rest }: QuestionProps) {
  const { leave = texts.common.goBack, isDangerous = false, isDisabled = false } = rest;
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={SHADE} />
        <AlertDialog.Content className={WINDOW}>
          <AlertDialog.Title className="mb-2 text-lg font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="mb-4">{children}</div>
          </AlertDialog.Description>
          <div className="flex flex-wrap justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>{leave}</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild>
              <Button kind={isDangerous ? "danger" : "primary"} disabled={isDisabled} onClick={onConfirm}>
                {action}
              </Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
