import { useContext, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { currentToken } from "../session.ts";
import { texts } from "../texts.ts";
import { AskBeforeClosing, Question } from "./dialog.tsx";

export interface LeavingQuestionProps {
  isUnsaved: boolean;
  onLeave?: () => void;
  /** What was typed is in a panel that the address opened: Back closes it. */
  isPanel?: boolean;
}

/** What a session leaves goes with it, unsaved or not: the page is loaded anew, and a question would keep it. */
const hasEnded = () => currentToken() === "";

/** Asks before a person loses unsaved entries: by a link, by back, by closing the tab, or the dialog that they are in. */
export function LeavingQuestion({ isUnsaved, onLeave, isPanel = false }: LeavingQuestionProps) {
  const [, navigate] = useLocation();
  const [leave, setLeave] = useState<(() => void) | null>(null);
  const dialog = useContext(AskBeforeClosing);
  const isAgreed = useRef(false);
  useEffect(() => {
    if (!isUnsaved) return;
    const onNavigate = (event: NavigateEvent) => {
      const { pathname, origin, href } = new URL(event.destination.url);
      // A tab's own state in the address is no leaving. Another site or a reload is asked about by the browser.
      const stays = pathname === location.pathname && !(isPanel && event.navigationType === "traverse");
      if (isAgreed.current || hasEnded() || !event.cancelable || origin !== location.origin || stays) return;
      event.preventDefault();
      setLeave(() => () => navigate(href.slice(origin.length)));
    };
    const onUnload = (event: BeforeUnloadEvent) => {
      if (!hasEnded()) event.preventDefault();
    };
    // Browsers without this interface only ask when the tab closes.
    const current = "navigation" in window ? window.navigation : null;
    current?.addEventListener("navigate", onNavigate);
    addEventListener("beforeunload", onUnload);
    if (dialog !== null) dialog.current = (close) => setLeave(() => close);
    return () => {
      if (dialog !== null) dialog.current = null;
      current?.removeEventListener("navigate", onNavigate);
      removeEventListener("beforeunload", onUnload);
    };
  }, [isUnsaved, isPanel, dialog, navigate]);
  return (
    <Question
      isOpen={leave !== null}
      title={texts.settings.leaveTitle}
      action={texts.settings.leave}
      leave={texts.settings.stay}
      isDangerous
      onClose={() => setLeave(null)}
      onConfirm={() => {
        isAgreed.current = true;
        onLeave?.();
        leave?.();
      }}
    >
      {texts.settings.leaveAbout}
    </Question>
  );
}
