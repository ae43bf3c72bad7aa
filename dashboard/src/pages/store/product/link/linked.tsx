import { useState } from "react";
import { toast } from "sonner";
import { useMerges } from "../../../../data/inbox-acts.ts";
import { useLinkProduct } from "../../../../data/records.ts";
import { useMay } from "../../../../session.ts";
import { texts } from "../../../../texts.ts";
import { ConfirmButton } from "../../../../ui/confirm-button.tsx";
import { Notice } from "../../../../ui/notice.tsx";
import { Problem } from "../../../../ui/problem.tsx";
import { fitsReason, ReasonField } from "../../../../ui/reason-field.tsx";
import { useStore } from "../../store-context.ts";

const t = texts.product;

/** Which product of Dutchie's this one of ReUp's own is, who said so, and the way back. */
export function Linked({ product_id, dutchie_product_id }: { product_id: string; dutchie_product_id: string }) {
  const { location_id } = useStore().location;
  const mayAct = useMay("manager");
  const [reason, setReason] = useState("");
  const { data: links, error, mutate } = useMerges(location_id, "ambiguous_match");
  const unlink = useLinkProduct(location_id, () => toast.success(t.unlinked));
  if (error !== undefined)
    return <Problem what={texts.inbox.decisionsNotLoaded} error={error} retry={() => mutate()} />;
  const said = links?.find(({ into }) => into === product_id);
  const who = said && texts.common.decidedBy({ by: said.resolved_by, reason: said.resolved_reason });
  return (
    <Notice
      tone="info"
      title={t.isLinked(dutchie_product_id)}
      action={
        mayAct && (
          <ConfirmButton
            size="sm"
            busy={unlink.isBusy}
            title={t.unlinkQuestion}
            action={t.unlink}
            isDisabled={!fitsReason(reason)}
            onConfirm={() => void unlink.run({ product_id, dutchie_product_id: null, reason })}
          >
            <p className="mb-3">{t.unlinkAbout}</p>
            <ReasonField value={reason} onType={setReason} />
          </ConfirmButton>
        )
      }
    >
      {links !== undefined && (who === undefined ? t.linkedByMatch : t.linkedBy(who))}
      {unlink.error !== undefined && <Problem what={t.notUnlinked} error={unlink.error} />}
    </Notice>
  );
}
