"""Draws the photos of the demo community: each thing as a whole, a close look, and its inspection tag."""

from colorsys import hls_to_rgb
from enum import IntEnum
from functools import cache
from math import cos, pi, sin

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from communityshare.demo.icons import LOOKS, Shape, shapes
from communityshare.demo.things import Thing

Colour = tuple[int, int, int]
Coat = tuple[float, float, float]
_WIDTH, _HEIGHT = 640, 480
_FLOOR = 340  # where the wall ends
_FIGURE = 690  # pixels of a figure in the close look
# Hue, lightness and strength of the colours that things come in.
_COATS = (
    (0.58, 0.46, 0.50), (0.07, 0.54, 0.66), (0.40, 0.40, 0.40), (0.13, 0.52, 0.66),
    (0.50, 0.40, 0.50), (0.62, 0.40, 0.34), (0.29, 0.44, 0.36), (0.74, 0.50, 0.30),
)  # fmt: skip


class Shot(IntEnum):
    """What the photo shows."""

    whole = 0
    close = 1
    tag = 2


def draw(thing: Thing, shot: Shot) -> Image.Image:
    """Return a picture of the thing, which is one of LOOKS; the same for the same arguments."""
    looks = list(LOOKS)
    coat = _COATS[looks.index(thing.key) % len(_COATS)]
    scene = _room(coat[0])
    figure = _figure(LOOKS[thing.key], coat)
    if shot is Shot.whole:
        _place(scene, figure.resize((365, 365), Image.Resampling.BOX), 138, 69)
    else:
        _place(scene, figure, -27 if shot is Shot.close else -173, -107)
    if shot is Shot.tag:
        scene = scene.filter(ImageFilter.BoxBlur(6))
        card = _card(_tint(*coat))
        scene.paste(card, (298, 22), card)
    _caption(scene, thing)
    return scene


def _tint(hue: float, light: float, strength: float) -> Colour:
    red, green, blue = (round(255 * part) for part in hls_to_rgb(hue % 1, light, strength))
    return red, green, blue


def _room(hue: float) -> Image.Image:
    """A wall and a floor, both lit from the left."""
    scene = Image.new("RGB", (_WIDTH, _HEIGHT))
    wall = _gradient(_tint(hue + 0.5, 0.90, 0.35), _tint(hue + 0.47, 0.72, 0.32), (_WIDTH, _FLOOR))
    floor = _gradient(_tint(0.09, 0.66, 0.30), _tint(0.07, 0.46, 0.30), (_WIDTH, _HEIGHT - _FLOOR))
    scene.paste(wall, (0, 0))
    scene.paste(floor, (0, _FLOOR))
    ImageDraw.Draw(scene).rectangle((0, _FLOOR, _WIDTH, _FLOOR + 9), fill=_tint(hue + 0.5, 0.96, 0.2))
    return scene


def _gradient(first: Colour, second: Colour, size: tuple[int, int]) -> Image.Image:
    return Image.composite(Image.new("RGB", size, second), Image.new("RGB", size, first), _ramp(size))


@cache
def _ramp(size: tuple[int, int]) -> Image.Image:
    turned = Image.linear_gradient("L").rotate(35, Image.Resampling.BILINEAR, expand=True)
    # The square that the turned ramp covers whole.
    return turned.crop((92, 92, turned.width - 92, turned.height - 92)).resize(size)


@cache
def _figure(look: str, coat: Coat) -> Image.Image:
    """The thing on a transparent ground; drawn twice as large, so that edges are smooth."""
    hue, light, strength = coat
    palette = {
        "main": _tint(hue, light, strength), "shade": _tint(hue, light - 0.09, strength), "dark": (52, 56, 64),
        "steel": (186, 194, 203), "light": (245, 243, 236), "glass": (190, 222, 232), "leaf": (96, 152, 84),
        "accent": _tint(0.02 if hue > 0.2 else 0.6, 0.53, 0.70),
    }  # fmt: skip
    large = Image.new("RGBA", (2 * _FIGURE, 2 * _FIGURE), (*palette["dark"], 0))
    pen = ImageDraw.Draw(large)
    for shape in shapes(look):
        _stroke(pen, shape, palette[shape.colour])
    return large.reduce(2)


def _stroke(pen: ImageDraw.ImageDraw, shape: Shape, colour: Colour) -> None:
    scale = 2 * _FIGURE / 100
    spots, measure = [point * scale for point in shape.points], round(shape.measure * scale)
    match shape.kind:
        case "box":
            pen.rounded_rectangle(spots, measure, colour)
        case "disc":
            pen.circle(spots, measure, colour)
        case "ring":
            pen.circle(spots, measure, outline=colour, width=round(3 * scale))
        case "blade":
            pen.polygon(_blade(spots[0], spots[1], measure), colour)
        case "area":
            pen.polygon(spots, colour)
        case _:
            pen.line(spots, colour, measure, joint="curve")


def _blade(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    """A disc with 24 teeth."""
    turns = [(number * pi / 24, radius * (0.91 if number % 2 else 1)) for number in range(48)]
    return [(x + reach * cos(turn), y + reach * sin(turn)) for turn, reach in turns]


def _place(scene: Image.Image, figure: Image.Image, x: int, y: int) -> None:
    """Put the figure into the scene, with a soft shadow on the floor."""
    size, base = figure.width, y + round(figure.height * 0.9)
    shadow = Image.new("L", (_WIDTH // 4, _HEIGHT // 4))
    spot = (x + size * 0.06, base - size * 0.05, x + size * 0.96, base + size * 0.05)
    ImageDraw.Draw(shadow).ellipse([edge / 4 for edge in spot], fill=110)
    shadow = shadow.filter(ImageFilter.GaussianBlur(4)).resize(scene.size)
    scene.paste((40, 36, 34), mask=shadow)
    scene.paste(figure, (x, y), figure)


@cache
def _card(colour: Colour) -> Image.Image:
    """The card that hangs on a checked thing."""
    card = Image.new("RGBA", (560, 704), (250, 249, 244, 0))
    pen = ImageDraw.Draw(card)
    pen.line((280, 0, 280, 110), (90, 90, 96), 8)
    pen.rounded_rectangle((28, 64, 532, 694), 36, (250, 249, 244))
    pen.rounded_rectangle((28, 64, 532, 216), 36, colour, corners=(True, True, False, False))
    pen.circle((280, 108), 26, (60, 62, 70))
    pen.text((280, 174), "CHECKED", "white", _font(52), anchor="mm")
    for row in range(4):
        y = 284 + row * 94
        pen.rounded_rectangle((76, y - 24, 124, y + 24), 9, outline=(120, 124, 132), width=5)
        pen.line((86, y, 99, y + 14, 123, y - 26), (64, 140, 84), 10, joint="curve")
        pen.rounded_rectangle((154, y - 9, 470 - row * 55 % 120, y + 9), 9, (206, 206, 200))
    return card.reduce(2).rotate(-5, Image.Resampling.BICUBIC, expand=True)


def _caption(scene: Image.Image, thing: Thing) -> None:
    """Name and place, on a dark strip."""
    scene.paste((24, 26, 30), (0, _HEIGHT - 64), Image.new("L", (_WIDTH, 64), 150))
    pen = ImageDraw.Draw(scene)
    pen.text((22, _HEIGHT - 43), thing.name, "white", _font(22), anchor="lm")
    pen.text((22, _HEIGHT - 17), thing.location, (214, 216, 220), _font(15), anchor="lm")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
