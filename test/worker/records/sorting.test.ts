import { expect, it } from "vitest";
import type { Product } from "../../../src/client/index.ts";
import { call, seedStore, token } from "../api/support.ts";

it("products are sorted by name as people do: neither case nor accents put a letter behind Z", async () => {
  const { location_id } = (await seedStore()).row;
  const jwt = await token();
  const path = `/v1/locations/${location_id}/products`;
  const names = ["zebra cake", "Äpfel", "apple pie", "Éclair", "Apple", "ÖL", "Ocean", "élan vital", "Elan"];
  for (const product_name of names) await call("POST", path, { token: jwt, body: { product_name, brand: "Z" } });
  const sorted = async (sort: string) => {
    const { data } = await (await call("GET", `${path}?page=1&sort=${sort}`, { token: jwt })).json<{
      data: Product[];
    }>();
    return data.map(({ product_name }) => product_name);
  };
  const expected = ["Äpfel", "Apple", "apple pie", "Éclair", "Elan", "élan vital", "Ocean", "ÖL", "zebra cake"];
  expect(await sorted("product_name")).toEqual(expected);
  expect(await sorted("-product_name")).toEqual(expected.toReversed());
});
