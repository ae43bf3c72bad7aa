import { useState } from "react";
import { Button, type ButtonProps } from "./button.tsx";
import { Question, type QuestionProps } from "./dialog.tsx";

export type ConfirmButtonProps = Pick<ButtonProps, "disabled" | "busy" | "size"> &
  Pick<QuestionProps, "title" | "children" | "action" | "isDisabled" | "onConfirm">;

/** For an action that is hard to undo: says what it does, and asks first. */
export function ConfirmButton({ title, children, action, isDisabled, onConfirm, ...button }: ConfirmButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button {...button} onClick={() => setOpen(true)}>
        {action}
      </Button>
      <Question isDangerous {...{ isOpen, title, action, isDisabled, onConfirm }} onClose={() => setOpen(false)}>
        {children}
      </Question>
    </>
  );
}
