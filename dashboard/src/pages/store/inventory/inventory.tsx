import { paths } from "../../../navigation.ts";
import { texts } from "../../../texts.ts";
import { Nav } from "../../../ui/nav.tsx";
import { PageTitle } from "../../../ui/page-title.tsx";
import { NotFound } from "../../not-found.tsx";
import { useStore } from "../store-context.ts";
import { Customers } from "./customers/customers.tsx";
import { PackageList } from "./packages/package-list.tsx";
import { ProductList } from "./products/product-list.tsx";
import { Sales } from "./sales/sales.tsx";

const LISTS = { products: ProductList, packages: PackageList, sales: Sales, customers: Customers } as const;
const KEYS = ["products", "packages", "sales", "customers"] as const;

/** What a store has and sells. */
export default function Inventory({ list }: { list: string }) {
  const { location_id } = useStore().location;
  const key = KEYS.find((known) => known === list);
  if (key === undefined) return <NotFound />;
  const List = LISTS[key];
  const { title, lists } = texts.inventory;
  return (
    <>
      <PageTitle title={`${title}: ${lists[key]}`} />
      <Nav
        label={title}
        items={KEYS.map((each) => ({
          href: paths.inventory(location_id, each),
          label: lists[each],
          isCurrent: each === key,
        }))}
      />
      <List />
    </>
  );
}
