/** An answer of the server that is not a success (RFC 9457). */
export interface Problem {
  status: number;
  title: string;
  detail?: string;
  code?: string;
  correlation_id?: string;
  errors?: { field: string; message: string }[];
  closed_by?: { id: string; name: string } | null;
  closed_at?: string | null;
}

export class ApiError extends Error {
  override name = "ApiError";
  constructor(
    readonly problem: Problem,
    /** Seconds to wait before trying again, when the server said so. */
    readonly retryAfter?: number,
  ) {
    super(problem.detail || problem.title);
  }
  get status() {
    return this.problem.status;
  }
  get code() {
    return this.problem.code;
  }
}

/** The server could not be reached at all: worth trying again, nothing is known to have happened. */
export class OfflineError extends Error {
  override name = "OfflineError";
}

export async function problemOf(response: Response): Promise<ApiError> {
  const after = Number(response.headers.get("retry-after")) || undefined;
  const fallback: Problem = { status: response.status, title: response.statusText || "Error" };
  const body: unknown = await response.json().catch(() => null);
  const problem = body && typeof body === "object" ? { ...fallback, ...body } : fallback;
  return new ApiError({ ...problem, status: response.status }, after);
}

/** Whether sending the same again later may succeed. */
export function isPassing(error: unknown): boolean {
  if (error instanceof OfflineError) return true;
  return error instanceof ApiError && (error.status >= 500 || error.status === 429 || error.status === 408);
}
