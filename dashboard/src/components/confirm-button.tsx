import { Button, type ButtonProps, Group, Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";

export interface ConfirmButtonProps extends Pick<ButtonProps, "disabled" | "loading" | "size"> {
  label: string;
  question: string;
  /** What will happen. */
  children: ReactNode;
  onConfirm: () => void;
}

/** For what cannot be taken back easily: says what will happen, and asks. */
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
            Keep it as it is
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
