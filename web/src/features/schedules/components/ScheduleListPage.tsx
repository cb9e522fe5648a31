export function ScheduleListPage() {
  return null;
}
