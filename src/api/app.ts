import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { ApiError, renderError } from "./errors.ts";
import { openApiDocument } from "./openapi/document.ts";
import { authenticate } from "./requests/auth.ts";
import { type Dependencies, dependencies } from "./requests/dependencies.ts";
import { allowOrigins, limitBody, limitRate, noStore, withConfig } from "./requests/middleware.ts";
import { router } from "./router.ts";
import { alertChannelRoutes } from "./routes/alert-channels.ts";
import { alertRoutes } from "./routes/alerts.ts";
import { changeRoutes } from "./routes/changes.ts";
import { choiceRoutes } from "./routes/choices.ts";
import { connectionRoutes } from "./routes/connections.ts";
import { consentRoutes } from "./routes/consent.ts";
import { credentialRoutes } from "./routes/credentials.ts";
import { deadLetterRoutes } from "./routes/dead-letters.ts";
import { docsRoutes } from "./routes/docs.ts";
import { eventRoutes } from "./routes/events.ts";
import { healthRoutes } from "./routes/health.ts";
import { insightRoutes } from "./routes/insights.ts";
import { inventoryRoutes } from "./routes/inventory.ts";
import { locationChangeRoutes } from "./routes/location-change.ts";
import { locationCreateRoutes } from "./routes/location-create.ts";
import { locationWebhookRoutes } from "./routes/location-webhook.ts";
import { locationRoutes } from "./routes/locations.ts";
import { productRoutes } from "./routes/products.ts";
import { pushRoutes } from "./routes/pushes.ts";
import { reviewRoutes } from "./routes/reviews.ts";
import { saleRoutes } from "./routes/sales.ts";
import { statusRoutes } from "./routes/status.ts";
import { statusStreamRoutes } from "./routes/status-stream.ts";
import { syncRoutes } from "./routes/syncs.ts";
import { webhookRoutes } from "./routes/webhooks.ts";

/** The HTTP API. The same schemas check the requests and make the OpenAPI document. */
export function createApp(deps: Dependencies = dependencies) {
  const app = router();
  app.onError(renderError);
  app.notFound((c) => renderError(new ApiError("NOT_FOUND", "There is nothing at this address."), c));

  app.use("*", requestId(), secureHeaders());
  app.use("/webhooks/*", withConfig(deps));
  app.use("/v1/*", withConfig(deps), noStore, allowOrigins, authenticate, limitRate, limitBody);

  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "Claims: retailer_id, role (viewer, manager, admin), optional location_ids",
  });
  app.get("/openapi.json", (c) => c.json(openApiDocument(app, new URL(c.req.url).origin)));
  app.route("/", docsRoutes);
  app.use("/consent/*", withConfig(deps), noStore);
  app.route("/", consentRoutes);

  return app
    .route("/", healthRoutes)
    .route("/", webhookRoutes)
    .route("/", connectionRoutes)
    .route("/", credentialRoutes)
    .route("/", locationCreateRoutes)
    .route("/", locationRoutes)
    .route("/", locationChangeRoutes)
    .route("/", locationWebhookRoutes)
    .route("/", syncRoutes)
    .route("/", statusRoutes)
    .route("/", statusStreamRoutes)
    .route("/", productRoutes)
    .route("/", inventoryRoutes)
    .route("/", saleRoutes)
    .route("/", choiceRoutes)
    .route("/", insightRoutes)
    .route("/", changeRoutes)
    .route("/", pushRoutes)
    .route("/", reviewRoutes)
    .route("/", eventRoutes)
    .route("/", deadLetterRoutes)
    .route("/", alertRoutes)
    .route("/", alertChannelRoutes);
}

export const app = createApp();

/** The typed client gets its types from this. */
export type AppType = ReturnType<typeof createApp>;
