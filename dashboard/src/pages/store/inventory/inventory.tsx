import { paths } from "../../../navigation.ts";
import { texts } from "../../../texts.ts";
import { Lists } from "../lists.tsx";
import { useStore } from "../store-context.ts";
import { Customers } from "./customers/customers.tsx";
import { PackageList } from "./packages/package-list.tsx";
import { ProductList } from "./products/product-list.tsx";
import { Sales } from "./sales/sales.tsx";

const { title, lists } = texts.inventory;
const LISTS = [
  { key: "products", label: lists.products, List: ProductList },
  { key: "packages", label: lists.packages, List: PackageList },
  { key: "sales", label: lists.sales, List: Sales },
  { key: "customers", label: lists.customers, List: Customers },
] as const;

/** What a store has and sells. */
export default function Inventory({ list }: { list: string }) {
  const { location_id } = useStore().location;
  return <Lists title={title} lists={LISTS} hrefOf={(key) => paths.inventory(location_id, key)} shown={list} />;
}
