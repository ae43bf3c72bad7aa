import { paths } from "../navigation.ts";
import { texts } from "../texts.ts";
import { Link } from "../ui/link.tsx";
import { PageTitle } from "../ui/page-title.tsx";

export function NotFound() {
  return (
    <>
      <PageTitle title={texts.common.notFound} />
      <p>
        {texts.common.notFoundAbout} <Link href={paths.stores}>{texts.common.toStores}</Link>
      </p>
    </>
  );
}
