// Prints what each route loads at first (gzip) and fails above its budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));
const KB = 1000;

/** Route → the lazily loaded parts it opens with, and its budget of JavaScript in kB. */
const ROUTES = [
  ["sign-in", ["src/features/auth/components/SignInPage.tsx"], 200],
  [
    "calendar",
    ["src/app/Shell.tsx", "src/app/FeatureGate.tsx", "src/features/calendar/components/CalendarPage.tsx"],
    200,
  ],
  [
    "plans",
    [
      "src/app/Shell.tsx",
      "src/app/FeatureGate.tsx",
      "src/features/schedules/components/ScheduleListPage.tsx",
    ],
    250,
  ],
  [
    "plan form",
    ["src/app/Shell.tsx", "src/app/FeatureGate.tsx", "src/features/schedules/components/NewSchedulePage.tsx"],
    320,
  ],
  [
    "log work",
    ["src/app/Shell.tsx", "src/app/FeatureGate.tsx", "src/features/logs/components/LogWorkPage.tsx"],
    250,
  ],
  [
    "work log",
    ["src/app/Shell.tsx", "src/app/FeatureGate.tsx", "src/features/logs/components/LogTablePage.tsx"],
    300,
  ],
  ["messages", ["src/app/Shell.tsx", "src/features/notifications/components/InboxPage.tsx"], 250],
  ["admin", ["src/app/Shell.tsx", "src/features/admin/components/AdminPage.tsx"], 250],
];

function collect(key, found = new Set()) {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`no chunk ${key} in the manifest`);
  if (found.has(key)) return found;
  found.add(key);
  for (const next of chunk.imports ?? []) collect(next, found);
  return found;
}

const sizeOf = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
const locale = Object.keys(manifest).find((key) => key.endsWith("locales/de.po"));
let failed = false;
for (const [name, keys, budget] of ROUTES) {
  const chunks = new Set();
  for (const key of ["index.html", locale, ...keys]) if (key) collect(key, chunks);
  const files = new Set([...chunks].map((key) => manifest[key].file));
  const size = [...files].reduce((sum, file) => sum + sizeOf(file), 0) / KB;
  const met = size <= budget;
  failed ||= !met;
  console.log(
    `${met ? "ok  " : "OVER"} ${name.padEnd(10)} ${size.toFixed(1).padStart(6)} kB of ${budget} kB (${files.size} files)`,
  );
}
process.exit(failed ? 1 : 0);
