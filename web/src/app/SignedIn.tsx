import { type ReactNode, lazy, useCallback, useEffect, useState } from "react";
import { getPlace, navigate } from "../lib/navigation";
import { OfflineError } from "../lib/problem";
import { restoreSession, useSession } from "../lib/session";
import { PageLoading } from "../ui/PageLoading";
import { PageError } from "../ui/PageError";

const OfflinePage = lazy(async () => ({ default: (await import("./OfflinePage")).OfflinePage }));

/** Its children once somebody is signed in; without a session the sign-in page, which leads back here. */
export function SignedIn({ children }: { children: ReactNode }) {
  const { status } = useSession();
  const [error, setError] = useState<unknown>(null);
  const restore = useCallback(() => void restoreSession().then(() => setError(null), setError), []);
  useEffect(restore, [restore]);
  useEffect(() => {
    if (status !== "anonymous") return;
    const { path, query } = getPlace();
    if (path !== "/sign-in")
      navigate({ to: "/sign-in", search: { next: path + query }, replace: true, force: true });
  }, [status]);
  if (status === "signed-in" || status === "expired") return children;
  if (error instanceof OfflineError) return <OfflinePage retry={restore} />;
  return error ? <PageError error={error} retry={restore} /> : <PageLoading />;
}
