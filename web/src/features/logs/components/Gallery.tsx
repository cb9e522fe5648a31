import "yet-another-react-lightbox/styles.css";
import { useLingui } from "@lingui/react/macro";
import { Lightbox } from "yet-another-react-lightbox";
import type { LogPhoto } from "../api/logs";

interface Props {
  photos: LogPhoto[];
  index: number;
  onClose: () => void;
}

export function Gallery({ photos, index, onClose }: Props) {
  const { t } = useLingui();
  const labels = { Previous: t`Previous photo`, Next: t`Next photo`, Close: t`Close`, Lightbox: t`Photos` };
  return (
    <Lightbox
      open
      close={onClose}
      index={index}
      labels={labels}
      carousel={{ finite: true }}
      controller={{ closeOnBackdropClick: true }}
      slides={photos.map(({ url, width, height }, at) => ({
        src: url,
        width,
        height,
        alt: t`Photo ${at + 1} of ${photos.length}`,
      }))}
    />
  );
}
