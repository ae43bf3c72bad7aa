import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { texts } from "../texts.ts";
import { Question } from "./dialog.tsx";

export interface LeavingQuestionProps {
  isUnsaved: boolean;
  onLeave?: () => void;
  /** What was typed is in a panel that the address opened: Back closes it. */
  isPanel?: boolean;
}

/** Asks before a person leaves a page with unsaved entries: by a link, by back, or by closing the tab. */
export function LeavingQuestion({ isUnsaved, onLeave, isPanel = false }: LeavingQuestionProps) {
  const [, navigate] = useLocation();
  const [to, setTo] = useState<string | null>(null);
  const isAgreed = useRef(false);
  useEffect(() => {
    if (!isUnsaved) return;
    const onNavigate = (event: NavigateEvent) => {
      const { pathname, origin, href } = new URL(event.destination.url);
      // A tab's own state in the address is no leaving. Another site or a reload is asked about by the browser.
      const stays = pathname === location.pathname && !(isPanel && event.navigationType === "traverse");
      if (isAgreed.current || !event.cancelable || origin !== location.origin || stays) return;
      event.preventDefault();
      setTo(href.slice(origin.length));
    };
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    // Browsers without this interface only ask when the tab closes.
    const current = "navigation" in window ? window.navigation : null;
    current?.addEventListener("navigate", onNavigate);
    addEventListener("beforeunload", onUnload);
    return () => {
      current?.removeEventListener("navigate", onNavigate);
      removeEventListener("beforeunload", onUnload);
    };
  }, [isUnsaved, isPanel]);
  return (
    <Question
      isOpen={to !== null}
      title={texts.settings.leaveTitle}
      action={texts.settings.leave}
      leave={texts.settings.stay}
      isDangerous
      onClose={() => setTo(null)}
      onConfirm={() => {
        isAgreed.current = true;
        onLeave?.();
        if (to !== null) navigate(to);
      }}
    >
      {texts.settings.leaveAbout}
    </Question>
  );
}
