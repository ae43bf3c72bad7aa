import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { declineOffer, takeOffer, useSession } from "../session.ts";

/** An address wants to sign somebody else in: a person decides, and staying is the easy answer. */
export function AccountQuestion() {
  const { offer } = useSession();
  return (
    <Modal opened={offer !== null} onClose={declineOffer} title="Switch accounts?" withCloseButton={false} centered>
      {offer !== null && (
        <Stack>
          <Text size="sm">
            The link you opened signs you in as <strong>{offer.account.name}</strong> ({offer.account.role}). You are
            signed in as <strong>{offer.instead_of}</strong>.
          </Text>
          <Text size="sm">
            Switch only if you expected this. In somebody else's account, what you enter, such as an API key, is theirs.
          </Text>
          <Group>
            <Button data-autofocus onClick={declineOffer}>
              Do not switch
            </Button>
            <Button variant="default" onClick={() => takeOffer(offer)}>
              Switch to {offer.account.name}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
