import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const VENDOR =
  /node_modules\/(react|react-dom|scheduler|use-sync-external-store|@tanstack\/(react-router|router-core|history|react-store|store|react-query|query-core)|@lingui\/(core|react))\//;
// Small parts that most pages share: one file instead of dozens.
const KIT = /node_modules\/@(mantine|tabler|floating-ui)|src\/(ui|lib)\//;
const api = process.env.API_URL ?? "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [react(), lingui({ macroTransform: true })],
  server: { port: 5173, proxy: { "/api": api } },
  build: {
    target: "es2023",
    manifest: true,
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What every page needs in one file; everything else is split by page.
        codeSplitting: {
          groups: [
            { name: "vendor", test: VENDOR },
            { name: "kit", test: KIT, minShareCount: 17 },
          ],
        },
      },
    },
  },
});
