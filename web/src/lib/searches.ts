/** What each page keeps in its address. Unknown or wrong values are dropped, never an error. */
type Raw = Record<string, unknown>;

/** Leaves out what is not set, so that addresses stay short. */
function set<T extends object>(search: T): Partial<T> {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as Partial<T>;
}

const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);

function oneOf<const T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((item) => item === value);
}

const STATUSES = ["scheduled", "due_soon", "overdue", "completed"] as const;
export const FREQUENCIES = [
  "once",
  "daily",
  "weekly",
  "biweekly",
  "monthly",
  "quarterly",
  "semiannual",
  "annual",
  "custom",
] as const;
const ISSUES = ["none", "minor", "major"] as const;
export const ADMIN_TABS = ["overview", "deliveries", "users", "resources", "outbox", "audit"] as const;

/** Only an address of our own: a sign-in link must not lead elsewhere. */
export const signIn = (raw: Raw) => {
  const next = text(raw.next);
  return set({
    next: next?.startsWith("/") && !next.startsWith("//") && !next.startsWith("/\\") ? next : undefined,
  });
};

export const calendar = (raw: Raw) =>
  set({
    view: oneOf(raw.view, ["month", "week", "agenda"]),
    date: text(raw.date)?.match(/^\d{4}-\d{2}-\d{2}$/)?.[0],
    resource: text(raw.resource),
    type: text(raw.type),
    person: text(raw.person),
    status: oneOf(raw.status, ["scheduled", "overdue", "completed"]),
  });
export type CalendarSearch = ReturnType<typeof calendar>;

export const schedules = (raw: Raw) =>
  set({
    q: text(raw.q),
    status: oneOf(raw.status, STATUSES),
    frequency: oneOf(raw.frequency, FREQUENCIES),
    resource: text(raw.resource),
    person: text(raw.person),
    sort: oneOf(raw.sort, ["next_due_date", "-next_due_date", "created_at", "-created_at"]),
    deleted: raw.deleted === "true" || undefined,
  });
export type SchedulesSearch = ReturnType<typeof schedules>;

export const newSchedule = (raw: Raw) =>
  set({
    resource: text(raw.resource),
    date: text(raw.date)?.match(/^\d{4}-\d{2}-\d{2}$/)?.[0],
  });

export const logs = (raw: Raw) =>
  set({
    q: text(raw.q),
    resource: text(raw.resource),
    person: text(raw.person),
    issues: oneOf(raw.issues, ISSUES),
    from: text(raw.from)?.match(/^\d{4}-\d{2}-\d{2}$/)?.[0],
    to: text(raw.to)?.match(/^\d{4}-\d{2}-\d{2}$/)?.[0],
    sort: oneOf(raw.sort, ["performed_at", "-performed_at"]),
  });
export type LogsSearch = ReturnType<typeof logs>;

export const inbox = (raw: Raw) => set({ unread: raw.unread === "true" || undefined });

export const admin = (raw: Raw) => set({ tab: oneOf(raw.tab, ADMIN_TABS) });
