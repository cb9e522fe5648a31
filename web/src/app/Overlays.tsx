import { lazy, Suspense, useEffect, useState } from "react";
import { onFirstNotice } from "../lib/notify";
import { useSession } from "../lib/session";
import { Boundary } from "./Boundary";

const ResumeDialog = lazy(async () => ({
  default: (await import("../features/auth/components/ResumeDialog")).ResumeDialog,
}));
const Notices = lazy(async () => ({ default: (await import("./Notices")).Notices }));

/** What lies over any page; each part is fetched when it is first needed. */
export function Overlays() {
  const { status } = useSession();
  const [noticed, setNoticed] = useState(false);
  useEffect(() => onFirstNotice(() => setNoticed(true)), []);
  return (
    <Boundary quiet>
      <Suspense fallback={null}>
        {status === "expired" && <ResumeDialog />}
        {noticed && <Notices />}
      </Suspense>
    </Boundary>
  );
}
