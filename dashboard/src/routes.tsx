import { lazy } from "react";
import { Route, Switch, useLocation } from "wouter";
import { Fleet } from "./pages/fleet/fleet.tsx";
import { NotFound } from "./pages/not-found.tsx";
import { StorePages } from "./pages/store/store-pages.tsx";
import { Part } from "./ui/part.tsx";

const Connect = lazy(() => import("./pages/connect/connect.tsx"));
const Inbox = lazy(() => import("./pages/inbox/inbox.tsx"));
const Notifications = lazy(() => import("./pages/notifications/notifications.tsx"));

export function Routes() {
  const [path] = useLocation();
  return (
    <Part of={[path]} what="the page">
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
    </Part>
  );
}
