import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { Fleet } from "./pages/fleet/fleet.tsx";
import { NotFound } from "./pages/not-found.tsx";
import { StorePages } from "./pages/store/store-pages.tsx";
import { Loading } from "./ui/loading.tsx";

const Connect = lazy(() => import("./pages/connect/connect.tsx"));
const Inbox = lazy(() => import("./pages/inbox/inbox.tsx"));
const Notifications = lazy(() => import("./pages/notifications/notifications.tsx"));

export function Routes() {
  return (
    <Suspense fallback={<Loading what="the page" />}>
      <Switch>
        <Route path="/">
          <Fleet />
        </Route>
        <Route path="/connect">
          <Connect />
        </Route>
        <Route path="/inbox">
          <Inbox />
        </Route>
        <Route path="/notifications">
          <Notifications />
        </Route>
        <Route<{ location_id: string; place?: string; part?: string }> path="/stores/:location_id/:place?/:part?">
          {({ location_id, place, part }) => (
            <StorePages key={location_id} location_id={location_id} place={place} part={part} />
          )}
        </Route>
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Suspense>
  );
}
