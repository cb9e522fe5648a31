"""Recipes of the files that people, and people who mean harm, send."""

import io
import struct
import zlib
from typing import Any

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 400), mode: str = "RGB", **save: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    written = io.BytesIO()
    image.convert(mode).save(written, kind, **save)
    return written.getvalue()


def located(orientation: int = 1) -> Image.Exif:
    """EXIF as a phone writes it: how it was held, by whom, and where on earth."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "ACME phone of Erika Mustermann"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    return exif


def animated(kind: str) -> bytes:
    """Three pictures one after the other."""
    first, *rest = (Image.new("RGB", (64, 48), colour) for colour in ("red", "green", "blue"))
    written = io.BytesIO()
    first.save(written, kind, save_all=True, append_images=rest, duration=100)
    return written.getvalue()


def png_header(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG that claims a size; `data` are its compressed pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def pixel_bomb() -> bytes:
    """400 megapixels in some kilobytes."""
    row = b"\x00" + bytes(20_000 // 8)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(row) for _ in range(20_000)) + packer.flush()
    return png_header(20_000, 20_000, rows)


def text_bomb() -> bytes:
    """A PNG with a comment that unpacks to a gigabyte."""
    packer = zlib.compressobj(9)
    megabyte = bytes(1_000_000)
    packed = b"".join(packer.compress(megabyte) for _ in range(1000)) + packer.flush()
    body = b"Comment\x00\x00" + packed
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    plain = picture("PNG", (8, 8))
    return plain[:33] + chunk + plain[33:]


SCRIPT = b"<script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def polyglot() -> bytes:
    """A picture that is a page with a script too, in its comment and behind its end."""
    return picture(comment=SCRIPT) + SCRIPT
