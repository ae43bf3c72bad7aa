import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { declineOffer, type Offer, takeOffer, useSession } from "../session.ts";

/** An address wants to sign somebody in: a person decides, and staying is the easy answer. */
export function AccountQuestion() {
  const { offer } = useSession();
  return (
    <Modal opened={offer !== null} onClose={declineOffer} title={titleOf(offer)} withCloseButton={false} centered>
      {offer !== null && (
        <Stack>
          <Text size="sm">
            The link you opened signs you in as <strong>{offer.account.name}</strong> ({offer.account.role}).{" "}
            {offer.instead_of !== null && (
              <>
                You are signed in as <strong>{offer.instead_of}</strong>.
              </>
            )}
          </Text>
          <Text size="sm">
            Agree only if you expected this. In somebody else's account, what you enter, such as an API key, is theirs.
          </Text>
          <Group>
            <Button data-autofocus onClick={declineOffer}>
              {offer.instead_of === null ? "Do not sign in" : "Do not switch"}
            </Button>
            <Button variant="default" onClick={() => takeOffer(offer)}>
              {offer.instead_of === null ? "Sign in as" : "Switch to"} {offer.account.name}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

const titleOf = (offer: Offer | null) =>
  offer !== null && offer.instead_of === null ? "Sign in with this link?" : "Switch accounts?";
