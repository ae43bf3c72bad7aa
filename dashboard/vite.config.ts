import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [react(), tailwindcss()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // Data URLs in styles would want more of the CSP than it gives.
    assetsInlineLimit: 0,
    target: "es2022",
  },
  // `npm run dev` beside it serves the API.
  server: { proxy: { "/v1": "http://localhost:8787", "/openapi.json": "http://localhost:8787" } },
});
