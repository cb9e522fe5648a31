const EDGE = 2560;
const SMALL_ENOUGH = 1_500_000;

/** A phone's photo made small enough for a bad connection. What cannot be decoded here goes as it is. */
export async function shrink(file: File): Promise<File> {
  if (file.size <= SMALL_ENOUGH) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
    return blob.size < file.size
      ? new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: blob.type })
      : file;
  } catch {
    return file;
  }
}
