import type { Log, Schedule } from "../api/generated/model";

/** Answers of the server as tests need them: whole, with only what matters to the test changed. */
export const THING = { id: "01a205ce-b195-7490-9f02-52e221388433", name: "Cargo bike", owner_id: null };

export function schedule(change: Partial<Schedule> = {}): Schedule {
  return {
    id: "plan-1",
    resource_id: THING.id,
    resource: THING,
    schedule_type: "Brake check",
    frequency: "monthly",
    interval: 1,
    rrule: null,
    recurrence_mode: "fixed",
    start_date: "2026-01-31T08:00:00Z",
    end_date: null,
    next_due_date: "2026-12-31T08:00:00Z",
    description: "",
    assigned_to: null,
    assignee: null,
    status: "scheduled",
    last_performed_at: null,
    created_at: "2026-01-01T08:00:00Z",
    updated_at: "2026-01-01T08:00:00Z",
    deleted_at: null,
    version: 3,
    ...change,
  };
}

export function log(change: Partial<Log> = {}): Log {
  return {
    id: "log-1",
    schedule_id: "plan-1",
    resource_id: THING.id,
    resource: THING,
    schedule_type: "Brake check",
    performed_by: "id-of-admin",
    performer: { id: "id-of-admin", name: "Ada L" },
    performed_at: "2026-06-30T22:30:00Z",
    notes: "Pads **changed**.",
    issues_found: "minor",
    photos: [],
    created_at: "2026-06-30T22:30:00Z",
    updated_at: "2026-06-30T22:30:00Z",
    version: 1,
    voided_at: null,
    void_reason: null,
    due_date: null,
    amended_by: null,
    amend_reason: null,
    ...change,
  };
}
