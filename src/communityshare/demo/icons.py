"""The things of the demo community as simple drawings.

One shape a line, on a field of 100 × 100 whose floor is at 90: kind, colour, measure, then points as x y pairs.
The measure is the width of a line, the corner radius of a box, and the radius around the one point of a disc, a
ring or a saw blade; an area has none.
"""

from typing import NamedTuple


class Shape(NamedTuple):
    """A part of a drawing."""

    kind: str
    colour: str
    measure: float
    points: tuple[float, ...]


def shapes(look: str) -> list[Shape]:
    """Return the parts of a drawing, from back to front."""
    return [_shape(*line.split(":")) for line in _DRAWINGS[look].strip().splitlines()]


def _shape(what: str, where: str) -> Shape:
    kind, colour, measure = what.split()
    return Shape(kind, colour, float(measure), tuple(map(float, where.split())))


# What each photographed thing looks like; the others are never photographed.
LOOKS = {
    "drill": "drill",
    "ladder": "ladder",
    "table_saw": "saw",
    "circular_saw": "saw",
    "laser": "machine",
    "generator": "generator",
    "compressor": "compressor",
    "mower": "mower",
    "cargo_bike": "bike",
    "car": "car",
    "trailer": "trailer",
    "community_room": "room",
    "kitchen": "pot",
    "coffee": "cup",
    "fridge": "fridge",
    "washing_machine": "washer",
    "heating": "boiler",
    "greenhouse": "greenhouse",
    "roof": "roof",
    "playground": "swing",
    "extinguishers": "extinguisher",
}

_DRAWINGS = {
    "drill": """
        line steel 2: 78 37 96 37
        area dark 0: 68 29 80 33 80 41 68 45
        area main 0: 30 44 48 44 44 76 28 76
        box main 6: 20 26 70 48
        box shade 4: 20 40 70 48
        box dark 3: 20 74 52 90
        box accent 2: 46 50 51 59
        line dark 1.5: 28 32 40 32
        line dark 1.5: 28 36 40 36
        box accent 1: 24 79 34 84
        """,
    "saw": """
        blade steel 22: 50 46
        disc light 9: 50 46
        disc dark 3: 50 43
        line dark 3: 76 48 76 22
        box accent 5: 38 16 78 26
        box dark 1: 8 48 92 56
        line steel 1: 8 51 92 51
        box main 2: 18 56 82 90
        box shade 2: 18 80 82 90
        disc dark 8: 34 69
        disc steel 3: 34 69
        disc accent 4: 66 66
        disc light 3: 66 76
        """,
    "ladder": """
        line main 5: 30 90 42 6
        line main 5: 70 90 58 6
        line steel 3.5: 42 12 58 12
        line steel 3.5: 39.8 27 60.2 27
        line steel 3.5: 37.6 42 62.4 42
        line steel 3.5: 35.4 57 64.6 57
        line steel 3.5: 33.2 72 66.8 72
        line steel 3.5: 31 87 69 87
        box dark 1: 26 86 34 91
        box dark 1: 66 86 74 91
        box accent 1: 64 50 72 58
        """,
    "machine": """
        box main 4: 16 16 84 90
        box shade 4: 16 62 84 90
        box dark 3: 23 23 77 56
        box glass 2: 26 26 74 53
        line steel 2: 30 30 70 30
        box accent 1: 46 30 54 40
        line light 1: 50 40 50 48
        box steel 1: 32 48 68 51
        disc accent 4: 28 72
        disc light 3: 40 72
        box dark 1: 54 68 76 77
        """,
    "generator": """
        line dark 4: 14 88 14 26 86 26 86 88
        box main 5: 20 38 80 84
        box shade 4: 20 68 80 84
        disc dark 8: 34 56
        disc steel 3: 34 56
        box light 2: 50 46 72 62
        disc dark 3: 56 54
        disc dark 3: 66 54
        box accent 1: 58 72 72 78
        box dark 2: 40 32 60 38
        """,
    "compressor": """
        box dark 3: 30 26 62 44
        line steel 1.5: 34 31 58 31
        line steel 1.5: 34 36 58 36
        box main 16: 12 42 88 74
        box shade 8: 18 62 82 74
        disc dark 10: 26 80
        disc steel 4: 26 80
        line dark 4: 76 72 78 90
        line steel 2: 72 44 72 32
        disc light 7: 72 28
        line accent 1.5: 72 28 76 25
        line accent 2.5: 88 54 96 62 96 84
        """,
    "mower": """
        line dark 3.5: 34 62 8 22 2 24
        box dark 4: 44 42 70 60
        box accent 2: 50 36 64 43
        area main 0: 26 80 34 58 78 58 92 80
        area shade 0: 24 82 27 74 89 74 92 82
        disc dark 11: 32 80
        disc steel 5: 32 80
        disc dark 9: 82 82
        disc steel 4: 82 82
        """,
    "bike": """
        ring dark 18: 22 70
        ring dark 18: 78 70
        box accent 3: 56 46 92 62
        line main 3: 22 70 36 42 60 46 46 70 22 70
        line main 3: 36 42 46 70
        line main 3: 60 46 78 70
        line dark 3: 60 46 56 30 66 28
        line main 3: 36 42 34 34
        line dark 4: 27 33 41 33
        disc steel 5: 46 70
        box dark 2: 40 52 46 62
        """,
    "car": """
        area main 0: 22 58 34 36 66 36 80 58
        area glass 0: 28 57 37 40 49 40 49 57
        area glass 0: 53 57 53 40 64 40 74 57
        box main 8: 6 55 94 80
        box shade 5: 6 70 94 80
        disc dark 11: 26 80
        disc steel 5: 26 80
        disc dark 11: 74 80
        disc steel 5: 74 80
        box light 2: 88 60 94 66
        box accent 1: 6 60 10 68
        line dark 1.5: 56 63 62 63
        """,
    "trailer": """
        line dark 4: 4 74 24 74
        disc dark 4: 5 72
        box main 2: 22 40 94 74
        box shade 2: 22 62 94 74
        line dark 1: 36 42 36 72
        line dark 1: 50 42 50 72
        line dark 1: 64 42 64 72
        line dark 1: 78 42 78 72
        disc dark 12: 60 78
        disc steel 5: 60 78
        box accent 1: 88 64 93 71
        """,
    "room": """
        box light 1: 10 8 46 44
        box glass 1: 13 11 43 41
        line light 2: 28 11 28 41
        line light 2: 13 26 43 26
        line dark 1: 74 4 74 18
        area accent 0: 64 28 70 18 78 18 84 28
        box main 2: 26 60 82 66
        line shade 4: 32 66 32 90
        line shade 4: 76 66 76 90
        line dark 3: 14 50 14 90
        line dark 3: 14 74 26 74 26 90
        line dark 3: 94 50 94 90
        line dark 3: 94 74 84 74 84 90
        disc accent 5: 54 55
        """,
    "pot": """
        box dark 2: 8 78 92 90
        disc steel 3: 20 84
        disc steel 3: 32 84
        disc accent 3: 80 84
        box steel 1: 24 74 76 78
        box main 7: 22 42 78 74
        box shade 6: 22 62 78 74
        line dark 4: 14 52 22 52
        line dark 4: 78 52 86 52
        box steel 3: 20 36 80 43
        disc dark 4: 50 33
        line light 2: 40 26 36 19 41 12
        line light 2: 58 26 54 19 59 12
        """,
    "cup": """
        box dark 4: 14 10 86 28
        box steel 2: 38 28 62 36
        line dark 5: 62 32 84 36
        line accent 1.5: 46 36 46 56
        line accent 1.5: 54 36 54 56
        box main 6: 34 54 66 78
        box shade 5: 34 70 66 78
        ring main 8: 69 64
        box light 2: 26 78 74 82
        box dark 2: 10 84 90 90
        box dark 2: 12 28 20 86
        disc accent 3: 24 19
        disc light 3: 34 19
        """,
    "fridge": """
        box main 4: 26 6 74 90
        box shade 2: 26 84 74 90
        line dark 1.5: 26 36 74 36
        line steel 3: 33 18 33 31
        line steel 3: 33 42 33 62
        box light 1: 46 12 66 26
        line accent 1.5: 49 16 63 16
        line accent 1.5: 49 20 59 20
        disc accent 4: 62 50
        disc light 3: 54 56
        """,
    "washer": """
        box main 4: 18 12 82 90
        box shade 3: 18 12 82 26
        disc light 4: 28 19
        box accent 1: 56 16 76 22
        disc steel 25: 50 57
        disc dark 21: 50 57
        disc glass 17: 50 57
        area light 0: 36 62 44 57 56 63 64 58 62 67 50 73 40 69
        box dark 1: 22 84 40 88
        """,
    "boiler": """
        line steel 8: 72 20 72 4
        box main 4: 16 18 84 90
        box shade 3: 16 76 84 90
        box dark 3: 28 46 64 74
        area accent 0: 46 49 56 60 54 70 38 70 36 61 42 57
        area light 0: 46 60 50 66 46 70 42 66
        disc light 8: 36 31
        line accent 1.5: 36 31 40 26
        box glass 1: 52 26 76 36
        line steel 4: 84 40 96 40 96 88
        """,
    "greenhouse": """
        area glass 0: 10 90 10 44 50 14 90 44 90 90
        line main 3: 10 90 10 44 50 14 90 44 90 90
        line main 2: 10 44 90 44
        line main 2: 50 14 50 44
        line main 2: 36 44 36 90
        line main 2: 64 44 64 90
        line leaf 2: 22 84 22 62
        line leaf 2: 50 84 50 62
        line leaf 2: 78 84 78 62
        disc leaf 5: 18 72
        disc leaf 5: 26 66
        disc leaf 5: 22 58
        disc leaf 5: 46 72
        disc leaf 5: 54 66
        disc leaf 5: 50 58
        disc leaf 5: 74 72
        disc leaf 5: 82 66
        disc leaf 5: 78 58
        disc accent 2.5: 25 68
        disc accent 2.5: 47 68
        disc accent 2.5: 81 68
        box dark 1: 15 82 29 90
        box dark 1: 43 82 57 90
        box dark 1: 71 82 85 90
        """,
    "roof": """
        box main 1: 14 50 86 90
        area shade 0: 4 52 30 22 70 22 96 52
        area leaf 0: 10 46 31 22 69 22 90 46
        disc accent 1.6: 30 36
        disc accent 1.6: 44 29
        disc accent 1.6: 56 40
        disc accent 1.6: 68 31
        disc accent 1.6: 76 41
        disc accent 1.6: 38 42
        box glass 1: 24 60 40 76
        box glass 1: 60 60 76 76
        box dark 1: 45 66 55 90
        line steel 3: 91 52 91 90
        """,
    "swing": """
        line main 5: 10 90 26 14
        line main 5: 40 90 26 14
        line main 5: 60 90 76 14
        line main 5: 92 90 76 14
        line shade 5: 22 15 80 15
        line steel 1.2: 42 16 40 68
        line steel 1.2: 62 16 60 68
        box accent 1: 36 67 64 72
        """,
    "extinguisher": """
        line dark 3: 46 18 68 24 74 40 72 62
        area dark 0: 69 60 76 60 80 74 66 74
        box steel 2: 43 12 55 24
        line dark 4: 38 10 62 14
        box accent 10: 32 24 66 90
        box light 1: 37 44 61 64
        line dark 1.5: 41 50 57 50
        line dark 1.5: 41 55 57 55
        disc leaf 4: 44 29
        box dark 3: 32 82 66 90
        """,
}
