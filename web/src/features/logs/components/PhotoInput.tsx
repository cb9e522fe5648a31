import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, FileButton, SimpleGrid, Text } from "@mantine/core";
import { IconCamera, IconPhoto, IconX } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { shrink } from "../lib/shrink";
import classes from "./Photos.module.css";

const MOST = 10;
const LARGEST = 10_000_000;
const KINDS = "image/jpeg,image/png,image/webp,image/heic,image/heif";

interface Props {
  photos: File[];
  onChange: (photos: File[]) => void;
}

export function PhotoInput({ photos, onChange }: Props) {
  const { t } = useLingui();
  const [note, setNote] = useState("");
  const add = async (files: File[]) => {
    const small = await Promise.all(files.map(shrink));
    const taken = small.filter((file) => file.size <= LARGEST);
    const all = [...photos, ...taken];
    setNote(
      taken.length < small.length
        ? t`A photo is larger than 10 MB and was left out.`
        : all.length > MOST
          ? t`At most ten photos are kept.`
          : "",
    );
    onChange(all.slice(0, MOST));
  };
  return (
    <div>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        <FileButton accept={KINDS} capture="environment" onChange={(file) => file && void add([file])}>
          {(props) => (
            <Button {...props} variant="light" size="md" leftSection={<IconCamera aria-hidden />}>
              <Trans>Take a photo</Trans>
            </Button>
          )}
        </FileButton>
        <FileButton
          accept={KINDS}
          multiple
          onChange={(files) => void add(files)}
          inputProps={{ "aria-label": t`Photos` }}
        >
          {(props) => (
            <Button {...props} variant="default" size="md" leftSection={<IconPhoto aria-hidden />}>
              <Trans>Choose photos</Trans>
            </Button>
          )}
        </FileButton>
      </SimpleGrid>
      {note && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert" mt="xs">
          {note}
        </Text>
      )}
      {photos.length > 0 && (
        <div className={classes.strip}>
          {photos.map((photo, at) => (
            <Thumb
              key={`${photo.name}-${photo.size}-${photo.lastModified}`}
              photo={photo}
              label={t`Photo ${at + 1}`}
              onRemove={() => onChange(photos.filter((one) => one !== photo))}
            />
          ))}
        </div>
      )}
    </div>
  );
}

function Thumb({ photo, label, onRemove }: { photo: File; label: string; onRemove: () => void }) {
  const { t } = useLingui();
  const url = useMemo(() => URL.createObjectURL(photo), [photo]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return (
    <div className={classes.thumb}>
      <img src={url} alt={label} />
      <ActionIcon
        className={classes.remove}
        size="sm"
        radius="xl"
        color="dark"
        variant="filled"
        aria-label={t`Remove ${label}`}
        onClick={onRemove}
      >
        <IconX size={14} />
      </ActionIcon>
    </div>
  );
}
