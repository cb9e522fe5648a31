import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const chromium = process.env.CHROMIUM || "/usr/bin/chromium";

/** Against a running server with the demo community: `BASE_URL`. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "../test-results",
  timeout: 90_000,
  expect: { timeout: 15_000 },
  workers: 2,
  // A browser on a busy machine may miss a beat; what passes only then is reported as flaky.
  retries: 1,
  fullyParallel: false,
  reporter: [["list"]],
  use: {
    baseURL: process.env.BASE_URL ?? "http://127.0.0.1:3000",
    locale: "en-GB",
    // The reader sits elsewhere on purpose: every time shown is the community's.
    timezoneId: "America/New_York",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: existsSync(chromium) ? chromium : undefined,
      args: ["--no-sandbox", "--disable-dev-shm-usage"],
    },
  },
  projects: [
    { name: "browser", testMatch: /.*\.spec\.ts/ },
    // The flag is everybody's: it is switched when nobody else tests.
    { name: "flag", testMatch: /flag\.ts/, dependencies: ["browser"] },
    { name: "screenshots", testMatch: /screenshots\.ts/ },
  ],
});
