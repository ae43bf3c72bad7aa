import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { acceptOffer, declineOffer, type Offer, useSession } from "../session.ts";

/** Asks before a link signs in or switches the account. Staying is the default answer. */
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
            Agree only if you expected this. If the account is somebody else's, they can use what you enter, such as an
            API key.
          </Text>
          <Group>
            <Button data-autofocus onClick={declineOffer}>
              {offer.instead_of === null ? "Do not sign in" : "Do not switch"}
            </Button>
            <Button variant="default" onClick={() => acceptOffer(offer)}>
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
