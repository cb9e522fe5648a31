export function LogRepairPage() {
  return null;
}
