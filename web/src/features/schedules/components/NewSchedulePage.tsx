export function NewSchedulePage() {
  return null;
}
