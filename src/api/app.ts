import { requestId } from "hono/request-id";
import { nothingHere, renderError } from "./errors.ts";
import { openApiDocument } from "./openapi/document.ts";
import { authenticate } from "./requests/auth.ts";
import { type Dependencies, dependencies } from "./requests/dependencies.ts";
import { allowOrigins, limitBody, limitRate, noStore, secureHeaders, withConfig } from "./requests/middleware.ts";
import { router } from "./router.ts";
import { alertChannelRoutes } from "./routes/attention/alert-channels.ts";
import { alertRoutes } from "./routes/attention/alerts.ts";
import { deadLetterRoutes } from "./routes/attention/dead-letters.ts";
import { eventRoutes } from "./routes/attention/events.ts";
import { inboxRoutes } from "./routes/attention/inbox.ts";
import { pushRoutes } from "./routes/attention/pushes.ts";
import { reviewRoutes } from "./routes/attention/reviews.ts";
import { subscriptionRoutes } from "./routes/attention/subscriptions.ts";
import { consentRoutes } from "./routes/public/consent.ts";
import { docsRoutes } from "./routes/public/docs.ts";
import { healthRoutes } from "./routes/public/health.ts";
import { readinessRoutes } from "./routes/public/readiness.ts";
import { webhookRoutes } from "./routes/public/webhooks.ts";
import { changeRoutes } from "./routes/records/changes.ts";
import { choiceRoutes } from "./routes/records/choices.ts";
import { feedRoutes } from "./routes/records/feed.ts";
import { insightRoutes } from "./routes/records/insights.ts";
import { inventoryRoutes } from "./routes/records/inventory.ts";
import { inventorySnapshotRoutes } from "./routes/records/inventory-snapshot.ts";
import { ledgerRoutes } from "./routes/records/ledger.ts";
import { linkRoutes } from "./routes/records/links.ts";
import { mappingRoutes } from "./routes/records/mapping.ts";
import { productRoutes } from "./routes/records/products.ts";
import { saleRoutes } from "./routes/records/sales.ts";
import { connectionRoutes } from "./routes/stores/connections.ts";
import { credentialRoutes } from "./routes/stores/credentials.ts";
import { locationChangeRoutes } from "./routes/stores/location-change.ts";
import { locationCreateRoutes } from "./routes/stores/location-create.ts";
import { locationWebhookRoutes } from "./routes/stores/location-webhook.ts";
import { locationRoutes } from "./routes/stores/locations.ts";
import { moveRoutes } from "./routes/stores/move.ts";
import { statusRoutes } from "./routes/stores/status.ts";
import { statusStreamRoutes } from "./routes/stores/status-stream.ts";
import { syncRoutes } from "./routes/stores/syncs.ts";

/** The HTTP API. The same schemas check the requests and make the OpenAPI document. */
export function createApp(deps: Dependencies = dependencies) {
  const app = router();
  app.onError(renderError);
  app.notFound((c) => renderError(nothingHere(c.req.method, methodsAt(app, c.req.path)), c));

  app.use("*", requestId(), secureHeaders);
  app.use("/webhooks/*", withConfig(deps));
  app.use("/v1/*", withConfig(deps), noStore, allowOrigins, authenticate, limitRate, limitBody);

  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description:
      "Claims: retailer_id or ReUp's entity_id; role (viewer, manager, admin, or owner, who may do what an admin may), else " +
      "ReUp's permissions (read:inventory, write:inventory, admin:settings); optional location_ids",
  });
  app.get("/openapi.json", (c) => c.json(openApiDocument(app, new URL(c.req.url).origin)));
  app.route("/", docsRoutes);
  app.use("/consent/*", withConfig(deps), noStore);
  app.route("/", consentRoutes);

  return app
    .route("/", healthRoutes)
    .route("/", readinessRoutes)
    .route("/", webhookRoutes)
    .route("/", connectionRoutes)
    .route("/", credentialRoutes)
    .route("/", locationCreateRoutes)
    .route("/", locationRoutes)
    .route("/", locationChangeRoutes)
    .route("/", locationWebhookRoutes)
    .route("/", syncRoutes)
    .route("/", moveRoutes)
    .route("/", statusRoutes)
    .route("/", statusStreamRoutes)
    .route("/", productRoutes)
    .route("/", inventoryRoutes)
    .route("/", inventorySnapshotRoutes)
    .route("/", saleRoutes)
    .route("/", choiceRoutes)
    .route("/", linkRoutes)
    .route("/", mappingRoutes)
    .route("/", ledgerRoutes)
    .route("/", insightRoutes)
    .route("/", changeRoutes)
    .route("/", feedRoutes)
    .route("/", pushRoutes)
    .route("/", reviewRoutes)
    .route("/", eventRoutes)
    .route("/", deadLetterRoutes)
    .route("/", inboxRoutes)
    .route("/", alertRoutes)
    .route("/", alertChannelRoutes)
    .route("/", subscriptionRoutes);
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** The methods of the routes at an address; middleware is there for all. */
const methodsAt = ({ router: routes }: ReturnType<typeof router>, path: string): string[] =>
  METHODS.filter((method) => routes.match(method, path)[0].some(([[, route]]) => route.method === method));

export const app = createApp();

/** The typed client gets its types from this. */
export type AppType = ReturnType<typeof createApp>;
