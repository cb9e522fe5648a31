import {
  type ComponentType,
  lazy,
  startTransition,
  Suspense,
  useEffect,
  useLayoutEffect,
  useState,
} from "react";
import { CalendarPage } from "../features/calendar/components/CalendarPage";
import type { User } from "../api/generated/model";
import { getPlace, navigate, onPlace, PlaceContext } from "../lib/navigation";
import { can } from "../lib/policy";
import { onPrefetch } from "../lib/prefetch";
import { useUser } from "../lib/session";
import { NotFound } from "../ui/NotFound";
import { PageLoading } from "../ui/PageLoading";
import { Boundary } from "./Boundary";
import { FeatureGate } from "./FeatureGate";
import { Shell } from "./Shell";
import { SignedIn } from "./SignedIn";

interface Page {
  /** `*` stands for an id. The first that fits is shown. */
  path: string;
  show: ComponentType;
  fetch?: () => Promise<unknown>;
  /** Everybody, those signed in, or those signed in while maintenance is switched on. */
  behind: "nothing" | "sign-in" | "maintenance";
  only?: (user: User) => boolean;
}

/** A page whose code is fetched when it is opened. */
function later<M, K extends keyof M>(load: () => Promise<M>, name: K) {
  const show = lazy(async () => ({ default: (await load())[name] as ComponentType }));
  return { show, fetch: load };
}

const signIn = later(() => import("../features/auth/components/SignInPage"), "SignInPage");
const plans = later(() => import("../features/schedules/components/ScheduleListPage"), "ScheduleListPage");
const newPlan = later(() => import("../features/schedules/components/NewSchedulePage"), "NewSchedulePage");
const plan = later(() => import("./ScheduleRoute"), "ScheduleRoute");
const editPlan = later(() => import("../features/schedules/components/EditSchedulePage"), "EditSchedulePage");
const logWork = later(() => import("../features/logs/components/LogWorkPage"), "LogWorkPage");
const logs = later(() => import("../features/logs/components/LogTablePage"), "LogTablePage");
const logRepair = later(() => import("../features/logs/components/LogRepairPage"), "LogRepairPage");
const log = later(() => import("../features/logs/components/LogPage"), "LogPage");
const inbox = later(() => import("../features/notifications/components/InboxPage"), "InboxPage");
const preferences = later(
  () => import("../features/notifications/components/PreferencesPage"),
  "PreferencesPage",
);
const password = later(() => import("../features/auth/components/PasswordPage"), "PasswordPage");
const things = later(() => import("../features/things/components/MyThingsPage"), "MyThingsPage");
const admin = later(() => import("../features/admin/components/AdminPage"), "AdminPage");

const PAGES: Page[] = [
  { path: "/sign-in", behind: "nothing", ...signIn },
  { path: "/calendar", behind: "maintenance", show: CalendarPage },
  { path: "/schedules", behind: "maintenance", ...plans },
  { path: "/schedules/new", behind: "maintenance", only: can.writeSchedules, ...newPlan },
  { path: "/schedules/*", behind: "maintenance", ...plan },
  { path: "/schedules/*/edit", behind: "maintenance", only: can.writeSchedules, ...editPlan },
  { path: "/schedules/*/log", behind: "maintenance", ...logWork },
  { path: "/logs", behind: "maintenance", ...logs },
  { path: "/logs/new", behind: "maintenance", only: can.logUnplanned, ...logRepair },
  { path: "/logs/*", behind: "maintenance", ...log },
  { path: "/notifications", behind: "sign-in", ...inbox },
  { path: "/notifications/preferences", behind: "sign-in", ...preferences },
  { path: "/password", behind: "sign-in", ...password },
  { path: "/things", behind: "sign-in", ...things },
  { path: "/admin", behind: "sign-in", only: can.administer, ...admin },
];

function pageAt(path: string): Page | undefined {
  const parts = path.split("/");
  return PAGES.find((page) => {
    const wanted = page.path.split("/");
    return wanted.length === parts.length && wanted.every((part, at) => part === "*" || part === parts[at]);
  });
}

onPrefetch((path) =>
  pageAt(path)
    ?.fetch?.()
    .catch(() => undefined),
);

export function Router() {
  const [place, setPlace] = useState(getPlace);
  // The page before stays until the code of the next one is there. A layout effect: a page may lead on at once.
  useLayoutEffect(() => onPlace(() => startTransition(() => setPlace(getPlace()))), []);
  useLayoutEffect(() => {
    if (place.scroll !== null) scrollTo(0, place.scroll);
  }, [place]);
  return (
    <PlaceContext value={place}>
      <Boundary>
        <Suspense fallback={<PageLoading />}>
          <Route path={place.path} />
        </Suspense>
      </Boundary>
    </PlaceContext>
  );
}

function Route({ path }: { path: string }) {
  if (path === "/") return <Home />;
  const page = pageAt(path);
  if (!page)
    return (
      <main>
        <NotFound />
      </main>
    );
  if (page.behind === "nothing") return <page.show />;
  return (
    <SignedIn>
      <Shell>
        <Boundary key={path}>
          <Allowed page={page} />
        </Boundary>
      </Shell>
    </SignedIn>
  );
}

function Allowed({ page }: { page: Page }) {
  const user = useUser();
  if (page.only && !page.only(user)) return <NotFound />;
  const shown = <page.show />;
  return page.behind === "maintenance" ? <FeatureGate>{shown}</FeatureGate> : shown;
}

function Home() {
  useEffect(() => navigate({ to: "/calendar", replace: true }), []);
  return <PageLoading />;
}
