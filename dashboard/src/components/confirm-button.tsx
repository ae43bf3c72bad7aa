import { Button, type ButtonProps, Group, Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";

export interface ConfirmButtonProps extends Pick<ButtonProps, "disabled" | "loading" | "size"> {
  label: string;
  question: string;
  /** What the button will do. */
  children: ReactNode;
  onConfirm: () => void;
}

/** For an action that is hard to undo: says what it does, and asks first. */
export function ConfirmButton({ label, question, children, onConfirm, ...button }: ConfirmButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" onClick={open} {...button}>
        {label}
      </Button>
      <Modal opened={opened} onClose={close} title={question} centered closeButtonProps={{ "aria-label": "Close" }}>
        <Text component="div" mb="md">
          {children}
        </Text>
        <Group justify="end">
          <Button variant="default" onClick={close} data-autofocus>
            Go back
          </Button>
          <Button
            color="red.9"
            onClick={() => {
              close();
              onConfirm();
            }}
          >
            {label}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
