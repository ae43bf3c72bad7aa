import { describe, expect, expectTypeOf, it } from "vitest";
import type { OpenApiDocument } from "../../../src/api/openapi/types.ts";
import type { InventoryItem, Product } from "../../../src/client/index.ts";

/** ReUp's types, as its public documentation describes them. What it does not say may be absent. */
type RoomType = "sales_floor" | "vault" | "quarantine" | "secret_menu";
type Category = "flower" | "concentrates" | "edibles" | "vapes" | "topicals" | "accessories";

interface ReupInventoryItem {
  id: string;
  product_id: string | null;
  product_name: string | null;
  sku: string | null;
  location_id: string;
  room_type: RoomType | null;
  quantity: number;
  reserved_quantity: number;
  available_quantity: number;
  unit_cost: number | null;
  unit_price: number | null;
  last_sync: string | null;
}

interface ReupProduct {
  id: string;
  name: string;
  brand: string | null;
  category: Category | null;
  subcategory: string | null;
  description?: string | null;
  thc_percentage: number | null;
  cbd_percentage: number | null;
  variants: {
    id: string;
    name: string;
    sku: string | null;
    weight: number | null;
    weight_unit: string | null;
    price: number | null;
    wholesale_price: number | null;
  }[];
  images: string[];
  test_results?: { lab: string; date: string; batch_id: string } | null;
  active: boolean;
  created_at?: string;
}

const { app }: { app: { request(url: string): Promise<Response> } } = await import(
  new URL("../../../src/api/app.ts", import.meta.url).href
);
const document = (await (await app.request("https://dutchie.reup.example/openapi.json")).json()) as OpenApiDocument;

const INVENTORY = [
  "id",
  "product_id",
  "product_name",
  "sku",
  "location_id",
  "room_type",
  "quantity",
  "reserved_quantity",
  "available_quantity",
  "unit_cost",
  "unit_price",
  "last_sync",
] as const satisfies readonly (keyof ReupInventoryItem)[];
const PRODUCT = [
  "id",
  "name",
  "brand",
  "category",
  "subcategory",
  "description",
  "thc_percentage",
  "cbd_percentage",
  "variants",
  "images",
  "test_results",
  "active",
  "created_at",
] as const satisfies readonly (keyof ReupProduct)[];

describe("records in ReUp's types", () => {
  it("an inventory item and a product can be assigned to them", () => {
    expectTypeOf<InventoryItem>().toExtend<ReupInventoryItem>();
    expectTypeOf<Product>().toExtend<ReupProduct>();
    expect(INVENTORY).toHaveLength(12);
  });

  it.each([
    ["/v1/locations/{location_id}/inventory", INVENTORY],
    ["/v1/locations/{location_id}/products", PRODUCT],
  ] as const)("the document's example of %s has every field", (path, fields) => {
    const example = document.paths[path]?.get?.responses["200"]?.content?.["application/json"]?.example;
    const [first] = (example as { data: Record<string, unknown>[] }).data;
    expect(Object.keys(first ?? {})).toEqual(expect.arrayContaining([...fields]));
  });
});
