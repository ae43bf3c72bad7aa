import "./app.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { keepFocus } from "./keep-focus.ts";
import { signInFromAddress } from "./session.ts";
import { applyTheme } from "./theme.ts";

applyTheme();
keepFocus();
void signInFromAddress();
addEventListener("hashchange", () => void signInFromAddress());
const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
