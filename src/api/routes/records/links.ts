import { createRoute } from "@hono/zod-openapi";
import { linkWish, productDetail, productPath } from "../../../contract/http/records.ts";
import { oneSpelling } from "../../../domain/values/identifiers.ts";
import { locationStub } from "../../../location/stub.ts";
import { decided } from "../../answers/decided.ts";
import { deciderOf } from "../../requests/caller.ts";
import { storeOf } from "../../requests/store-of.ts";
import { errorResponses, json, jsonBody, router, secured, writeErrors } from "../../router.ts";
import { detailOf } from "./products.ts";

const link = createRoute({
  method: "put",
  path: "/v1/locations/{location_id}/products/{product_id}/link",
  tags: ["Records"],
  summary: "Link a product of ReUp's own to one of Dutchie's, or to none; no sync undoes it (manager)",
  description:
    "The linked product gets Dutchie's values, packages and sales, and keeps its own values where Dutchie has none. Unlinking " +
    "restores both; what Dutchie changed since stays with its product, which gets its former id again. To repeat a call changes " +
    "nothing.",
  ...secured("manager"),
  request: { params: productPath, body: jsonBody(linkWish) },
  responses: { 200: json(productDetail, "The product"), ...writeErrors(), ...errorResponses("CONFLICT") },
});

export const linkRoutes = router().openapi(link, async (c) => {
  const { location_id, product_id } = c.req.valid("param");
  const location = await storeOf(c, location_id);
  const { dutchie_product_id: id, reason } = c.req.valid("json");
  const wish = { dutchie_product_id: id === null ? null : oneSpelling(id), ...deciderOf(c.var.caller, reason) };
  decided(await locationStub(c.env, location_id).linkProduct(product_id, wish), "product");
  return c.json(await detailOf(c, location, product_id), 200);
});
