export function EditSchedulePage() {
  return null;
}
