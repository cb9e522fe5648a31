export function QueueBanner() {
  return null;
}
