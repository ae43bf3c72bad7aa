import { lazy, Suspense } from "react";
import { Loading } from "./components/loading.tsx";
import { usePath } from "./navigation.ts";
import { NotFound } from "./pages/not-found.tsx";
import { StorePages } from "./pages/store/store-pages.tsx";
import { Stores } from "./pages/stores.tsx";

const Connect = lazy(() => import("./pages/connect.tsx"));
const Alerts = lazy(() => import("./pages/alerts/alerts.tsx"));
const DeadLetters = lazy(() => import("./pages/dead-letters.tsx"));

export function Routes() {
  const path = usePath();
  return <Suspense fallback={<Loading what="the page" />}>{pageAt(path)}</Suspense>;
}

function pageAt(path: string) {
  const [, first = "", second = "", third = "dashboard"] = path.split("/");
  if (first === "") return <Stores />;
  if (first === "connect") return <Connect />;
  if (first === "alerts") return <Alerts />;
  if (first === "dead-letters") return <DeadLetters />;
  if (first === "stores" && second !== "") {
    const location_id = decodeURIComponent(second);
    return <StorePages key={location_id} location_id={location_id} page={third} />;
  }
  return <NotFound />;
}
