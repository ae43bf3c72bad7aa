import { acceptOffer, declineOffer, type Offer, useSession } from "../session.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";

/** Asks before a link signs in or switches the account. Staying is the default answer. */
export function AccountQuestion() {
  const { offer } = useSession();
  if (offer === null) return null;
  return (
    <Dialog isOpen onClose={declineOffer} title={titleOf(offer)}>
      <div className="flex flex-col gap-3">
        <p>
          The link you opened signs you in as <strong>{offer.account.name}</strong> ({offer.account.role}).{" "}
          {offer.instead_of !== null && (
            <>
              You are signed in as <strong>{offer.instead_of}</strong>.
            </>
          )}
        </p>
        <p>
          Agree only if you expected this. If the account is somebody else's, they can use what you enter, such as an
          API key.
        </p>
        <div className="flex flex-wrap gap-2">
          <Button kind="primary" autoFocus onClick={declineOffer}>
            {offer.instead_of === null ? "Do not sign in" : "Do not switch"}
          </Button>
          <Button onClick={() => acceptOffer(offer)}>
            {offer.instead_of === null ? "Sign in as" : "Switch to"} {offer.account.name}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

const titleOf = (offer: Offer) => (offer.instead_of === null ? "Sign in with this link?" : "Switch accounts?");
