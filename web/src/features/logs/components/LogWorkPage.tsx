export function LogWorkPage() {
  return null;
}
