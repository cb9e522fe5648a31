import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { CalendarPage } from "../features/calendar/components/CalendarPage";
import { OfflineError } from "../lib/problem";
import { can } from "../lib/policy";
import * as searches from "../lib/searches";
import { getSession, restoreSession } from "../lib/session";
import { NotFound } from "../ui/NotFound";
import { PageError } from "../ui/PageError";
import { PageLoading } from "../ui/PageLoading";
import { FeatureGate } from "./FeatureGate";
import { Shell } from "./Shell";

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: () => (
    <main>
      <NotFound />
    </main>
  ),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: searches.signIn,
  component: lazyRouteComponent(() => import("../features/auth/components/SignInPage"), "SignInPage"),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: async ({ location }) => {
    await restoreSession();
    if (getSession().status === "anonymous")
      throw redirect({ to: "/sign-in", search: { next: location.href } });
  },
  component: Shell,
  errorComponent: ({ error, reset }) =>
    error instanceof OfflineError ? <OfflinePage /> : <PageError error={error} retry={reset} />,
});
const OfflinePage = lazyRouteComponent(() => import("./OfflinePage"), "OfflinePage");

const maintenance = createRoute({
  getParentRoute: () => signedIn,
  id: "maintenance",
  component: FeatureGate,
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/calendar", search: {} });
  },
});

const calendar = createRoute({
  getParentRoute: () => maintenance,
  path: "/calendar",
  validateSearch: searches.calendar,
  component: CalendarPage,
});

const schedules = createRoute({
  getParentRoute: () => maintenance,
  path: "/schedules",
  validateSearch: searches.schedules,
  component: lazyRouteComponent(
    () => import("../features/schedules/components/ScheduleListPage"),
    "ScheduleListPage",
  ),
});

const onlyWriters = () => {
  const { user } = getSession();
  if (user && !can.writeSchedules(user)) throw notFound();
};

const newSchedule = createRoute({
  getParentRoute: () => maintenance,
  path: "/schedules/new",
  validateSearch: searches.newSchedule,
  beforeLoad: onlyWriters,
  component: lazyRouteComponent(
    () => import("../features/schedules/components/NewSchedulePage"),
    "NewSchedulePage",
  ),
});

const schedule = createRoute({
  getParentRoute: () => maintenance,
  path: "/schedules/$id",
  component: lazyRouteComponent(() => import("./ScheduleRoute"), "ScheduleRoute"),
});

const editSchedule = createRoute({
  getParentRoute: () => maintenance,
  path: "/schedules/$id/edit",
  beforeLoad: onlyWriters,
  component: lazyRouteComponent(
    () => import("../features/schedules/components/EditSchedulePage"),
    "EditSchedulePage",
  ),
});

const logWork = createRoute({
  getParentRoute: () => maintenance,
  path: "/schedules/$id/log",
  component: lazyRouteComponent(() => import("../features/logs/components/LogWorkPage"), "LogWorkPage"),
});

const logs = createRoute({
  getParentRoute: () => maintenance,
  path: "/logs",
  validateSearch: searches.logs,
  component: lazyRouteComponent(() => import("../features/logs/components/LogTablePage"), "LogTablePage"),
});

const logRepair = createRoute({
  getParentRoute: () => maintenance,
  path: "/logs/new",
  beforeLoad: () => {
    const { user } = getSession();
    if (user && !can.logUnplanned(user)) throw notFound();
  },
  component: lazyRouteComponent(() => import("../features/logs/components/LogRepairPage"), "LogRepairPage"),
});

const log = createRoute({
  getParentRoute: () => maintenance,
  path: "/logs/$id",
  component: lazyRouteComponent(() => import("../features/logs/components/LogPage"), "LogPage"),
});

const notifications = createRoute({
  getParentRoute: () => signedIn,
  path: "/notifications",
  validateSearch: searches.inbox,
  component: lazyRouteComponent(() => import("../features/notifications/components/InboxPage"), "InboxPage"),
});

const preferences = createRoute({
  getParentRoute: () => signedIn,
  path: "/notifications/preferences",
  component: lazyRouteComponent(
    () => import("../features/notifications/components/PreferencesPage"),
    "PreferencesPage",
  ),
});

const admin = createRoute({
  getParentRoute: () => signedIn,
  path: "/admin",
  validateSearch: searches.admin,
  beforeLoad: () => {
    const { user } = getSession();
    if (user && !can.administer(user)) throw notFound();
  },
  component: lazyRouteComponent(() => import("../features/admin/components/AdminPage"), "AdminPage"),
});

const tree = root.addChildren([
  home,
  signIn,
  signedIn.addChildren([
    maintenance.addChildren([
      calendar,
      schedules,
      newSchedule,
      schedule,
      editSchedule,
      logWork,
      logs,
      logRepair,
      log,
    ]),
    notifications,
    preferences,
    admin,
  ]),
]);

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queryClient },
    defaultPreload: "intent",
    defaultPendingComponent: PageLoading,
    defaultPendingMs: 300,
    defaultErrorComponent: ({ error, reset }) => <PageError error={error} retry={reset} />,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
