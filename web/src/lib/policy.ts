import type { User } from "../api/generated/model";

/**
 * What to show to whom. The server decides again, always; this only keeps buttons away that would be
 * refused. The one place of the front end that looks at a role.
 */
export const can = {
  writeSchedules: (user: User) => user.role === "admin",
  logWork: (user: User) => user.role !== "member",
  logOn: (user: User, schedule: { assigned_to?: string | null }) =>
    user.role === "admin" || (user.role === "maintenance_coordinator" && schedule.assigned_to === user.id),
  logUnplanned: (user: User) => user.role !== "member",
  amendLogs: (user: User) => user.role === "admin",
  administer: (user: User) => user.role === "admin",
  pickPeople: (user: User) => user.role === "admin",
};
