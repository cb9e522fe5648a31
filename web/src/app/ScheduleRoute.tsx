export function ScheduleRoute() {
  return null;
}
