import { useLingui } from "@lingui/react/macro";
import { lazy, Suspense, useState } from "react";
import type { LogPhoto } from "../api/logs";
import classes from "./Photos.module.css";

const Gallery = lazy(async () => ({ default: (await import("./Gallery")).Gallery }));

/** Small pictures; one of them opened fills the screen, with arrow keys and swipes. */
export function Photos({ photos }: { photos: LogPhoto[] }) {
  const { t } = useLingui();
  const [at, setAt] = useState(-1);
  if (!photos.length) return null;
  return (
    <>
      <div className={classes.strip}>
        {photos.map((photo, index) => (
          <button
            key={photo.url}
            type="button"
            className={classes.open}
            aria-label={t`Open photo ${index + 1} of ${photos.length}`}
            onClick={() => setAt(index)}
          >
            <img src={photo.thumbnail_url} alt="" loading="lazy" width={88} height={88} />
          </button>
        ))}
      </div>
      {at >= 0 && (
        <Suspense fallback={null}>
          <Gallery photos={photos} index={at} onClose={() => setAt(-1)} />
        </Suspense>
      )}
    </>
  );
}
