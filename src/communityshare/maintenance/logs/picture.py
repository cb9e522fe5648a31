"""A program of its own that decodes what a stranger sent and writes it anew, upright and without metadata.

    python -m communityshare.maintenance.logs.picture KIND <upload >cleaned

It writes one line of JSON (`Cleaned`, or `Refused`), then the photo and its thumbnail. Decoders have holes and
bombs: memory and processor time are limited before the first byte is read, and the environment holds no secret.
"""

import io
import json
import resource
import sys
import warnings
from typing import NoReturn

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 40_000_000
MAX_SIDE = 30_000
THUMBNAIL_SIDE = 480
# 40 megapixels that are turned as well need 850 MB of address space at most (WebP; measured).
_MEMORY = 1_000_000_000
_SECONDS = 20
_QUALITY, _THUMBNAIL_QUALITY = 85, 75


class RefusedError(Exception):
    """The upload is no photo that is taken; the text tells a person why."""


def main() -> None:
    """Clean the picture on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    try:
        photo, thumbnail, size = clean(sys.stdin.buffer.read(), sys.argv[1])
    except RefusedError as error:
        _answer({"refused": str(error)})
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        MemoryError,
        EOFError,
        Image.DecompressionBombError,
    ):
        _answer({"refused": "cannot be read as the picture it claims to be; it may be damaged"})
    _answer(
        {"width": size[0], "height": size[1], "photo": len(photo), "thumbnail": len(thumbnail)},
        photo,
        thumbnail,
    )


def clean(upload: bytes, kind: str) -> tuple[bytes, bytes, tuple[int, int]]:
    """Return the first picture of `upload` as JPEG, its thumbnail as WebP, and its width and height upright."""
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    # The decoder is chosen by us, never by the file.
    with Image.open(io.BytesIO(upload), formats=[kind]) as image:
        _check_size(*image.size)
        image.load()
        upright = ImageOps.exif_transpose(image, in_place=False)
    opaque = _opaque(upright)
    photo = _encoded(opaque, "JPEG", quality=_QUALITY)
    thumbnail = opaque.copy() if max(opaque.size) <= THUMBNAIL_SIDE else opaque
    thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS, reducing_gap=2)
    return photo, _encoded(thumbnail, "WEBP", quality=_THUMBNAIL_QUALITY), upright.size


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise RefusedError(
            f"has {width * height / 1e6:.0f} megapixels; at most {MAX_PIXELS // 10**6} are taken"
        )
    if max(width, height) > MAX_SIDE:
        raise RefusedError(f"is {max(width, height)} pixels long; at most {MAX_SIDE} are taken")


def _opaque(image: Image.Image) -> Image.Image:
    """Return the picture as RGB; what was transparent is white, and nothing but pixels is carried over."""
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        canvas = Image.new("RGB", image.size, "white")
        canvas.paste(layered, mask=layered.getchannel("A"))
        return canvas
    return image.convert("RGB")


def _encoded(image: Image.Image, kind: str, *, quality: int) -> bytes:
    image.info.clear()
    written = io.BytesIO()
    image.save(written, kind, quality=quality)
    return written.getvalue()


def _answer(head: dict[str, object], *parts: bytes) -> NoReturn:
    out = sys.stdout.buffer
    out.write(json.dumps(head).encode() + b"\n")
    for part in parts:
        out.write(part)
    out.flush()
    sys.exit(0)


if __name__ == "__main__":
    main()
