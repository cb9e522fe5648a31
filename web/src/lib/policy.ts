import type { User } from "../api/generated/model";

const DAY = 86_400_000;

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
  /** The author for a day, admins any time; an amendment or a void closes it (the server decides). */
  addPhotos: (
    user: User,
    log: { performed_by: string; created_at: string; version: number; voided_at?: string | null },
  ) =>
    log.version === 1 &&
    !log.voided_at &&
    (user.role === "admin" ||
      (user.id === log.performed_by && Date.now() - Date.parse(log.created_at) < DAY)),
  administer: (user: User) => user.role === "admin",
  /** Everybody else registers things as their own. */
  chooseOwner: (user: User) => user.role === "admin",
  pickPeople: (user: User) => user.role === "admin",
};
