export function LogTablePage() {
  return null;
}
