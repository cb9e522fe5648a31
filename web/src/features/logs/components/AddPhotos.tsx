import { Trans } from "@lingui/react/macro";
import { Button, FileButton } from "@mantine/core";
import { useErrorText } from "../../../lib/errorText";
import { notify } from "../../../lib/notify";
import { useAddPhotos } from "../api/changeLog";
import type { Log } from "../api/logs";
import { shrink } from "../lib/shrink";

export function AddPhotos({ log }: { log: Log }) {
  const errorText = useErrorText();
  const add = useAddPhotos();
  const send = async (files: File[]) => {
    if (!files.length) return;
    const photos = await Promise.all(files.map(shrink));
    add.mutate(
      { id: log.id, photos },
      { onError: (error) => void notify({ message: errorText(error), tone: "problem" }) },
    );
  };
  return (
    <FileButton
      accept="image/jpeg,image/png,image/webp,image/heic,image/heif"
      multiple
      onChange={(files) => void send(files)}
    >
      {(props) => (
        <Button {...props} size="compact-sm" variant="default" loading={add.isPending}>
          <Trans>Add photos</Trans>
        </Button>
      )}
    </FileButton>
  );
}
