// Prints what each page loads (gzip) until it is shown whole, and fails above its budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const read = (file) => readFileSync(new URL(file, dist));
const manifest = JSON.parse(read(".vite/manifest.json"));
const KB = 1000;
const feature = (path) => `src/features/${path}.tsx`;
const GRID = feature("calendar/components/Grid");

/** Page → the parts it fetches by itself, and its budget of JavaScript in kB. */
const PAGES = [
  ["sign-in", 150, [feature("auth/components/SignInPage")]],
  ["calendar, phone", 150, []],
  ["calendar, desktop", 200, [GRID]],
  ["plans", 200, [feature("schedules/components/ScheduleListPage")]],
  ["plan", 215, ["src/app/ScheduleRoute.tsx", "src/ui/MarkdownText.tsx"]],
  ["plan form", 280, [feature("schedules/components/NewSchedulePage")]],
  ["log work", 150, [feature("logs/components/LogWorkPage")]],
  ["work log", 250, [feature("logs/components/LogTablePage")]],
  ["messages", 180, [feature("notifications/components/InboxPage"), "src/ui/MarkdownText.tsx"]],
  ["my things", 200, [feature("things/components/MyThingsPage")]],
  ["admin", 300, [feature("admin/components/AdminPage"), feature("admin/components/OverviewTab")]],
];

function collect(key, files) {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`no part ${key} in the manifest`);
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const next of chunk.imports ?? []) collect(next, files);
}

const sizeOf = (file) => gzipSync(read(file), { level: 9 }).length;
/** Every page begins with the scripts of index.html and the largest of the languages. */
const start = [
  ...read("index.html")
    .toString()
    .matchAll(/src="\/([^"]+\.js)"/g),
].map(([, file]) => file);
const languages = ["en", "de", "es"].map((name) => manifest[`src/locales/${name}.po`].file);
start.push(languages.toSorted((a, b) => sizeOf(b) - sizeOf(a))[0]);

let failed = false;
for (const [name, budget, parts] of PAGES) {
  const files = new Set(start);
  for (const part of parts) collect(part, files);
  const size = [...files].reduce((sum, file) => sum + sizeOf(file), 0) / KB;
  const met = size <= budget;
  failed ||= !met;
  const figures = `${size.toFixed(1).padStart(6)} kB of ${budget} kB (${files.size} files)`;
  console.log(`${met ? "ok  " : "OVER"} ${name.padEnd(18)} ${figures}`);
}
process.exit(failed ? 1 : 0);
