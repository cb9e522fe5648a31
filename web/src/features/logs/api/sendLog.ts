import { request } from "../../../lib/http";

export interface LogFields {
  schedule_id?: string;
  resource_id?: string;
  performed_at: string;
  notes?: string;
  issues_found: "none" | "minor" | "major";
  due_date?: string;
}

function multipart(fields: object, photos: File[]): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) form.append(name, String(value));
  for (const photo of photos) form.append("photos", photo, photo.name);
  return form;
}

/** Records work done, as a form with files or, without any, as JSON. The same key twice is written once. */
export async function sendLog(fields: LogFields, photos: File[], key: string): Promise<void> {
  const headers: Record<string, string> = { "Idempotency-Key": key };
  if (!photos.length) headers["Content-Type"] = "application/json";
  const body = photos.length ? multipart(fields, photos) : JSON.stringify(fields);
  await request("/api/maintenance/logs", { method: "POST", body, headers });
}

export async function sendPhotos(logId: string, photos: File[]): Promise<void> {
  await request(`/api/maintenance/logs/${logId}/photos`, { method: "POST", body: multipart({}, photos) });
}
