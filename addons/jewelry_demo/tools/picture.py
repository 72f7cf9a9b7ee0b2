"""Pictures of pieces for the demo store, drawn because photographs would need a licence."""

import io
import math

from PIL import Image, ImageDraw

SIZE = 512
METAL_COLORS = {
    "yellow": (212, 170, 80),
    "rose": (214, 150, 130),
    "green": (180, 190, 110),
    "white": (190, 194, 200),
}
SIDES = {"round": 40, "oval": 40, "princess": 4, "emerald": 8, "cushion": 8, "pear": 40}
STONE = (205, 228, 240)
FACET = (150, 185, 205)


def draw_piece(kind, metal_color, shape):
    """Return a PNG picture of a ring, pendant, pair of earrings or chain.

    :param str kind: ring, pendant, earrings or chain
    :param str metal_color: yellow, rose, white or green
    :param str shape: shape of the main stone; empty for none
    :return: bytes of a PNG
    """
    image = Image.new("RGB", (SIZE, SIZE), (248, 247, 244))
    draw = ImageDraw.Draw(image)
    metal = METAL_COLORS.get(metal_color, METAL_COLORS["white"])
    for center, radius in _DRAW_METAL[kind](draw, metal):
        if shape:
            _draw_stone(draw, center, radius, SIDES.get(shape, 40))
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _draw_ring(draw, metal):
    draw.ellipse((116, 170, 396, 450), outline=metal, width=26)
    return [((256, 160), 70)]


def _draw_pendant(draw, metal):
    draw.arc((96, -220, 416, 250), 20, 160, fill=metal, width=6)
    draw.ellipse((240, 236, 272, 268), outline=metal, width=7)
    return [((256, 340), 76)]


def _draw_earrings(draw, metal):
    for x in (166, 346):
        draw.arc((x - 26, 90, x + 26, 190), 160, 380, fill=metal, width=8)
    return [((166, 290), 58), ((346, 290), 58)]


def _draw_chain(draw, metal):
    for step in range(36):
        angle = math.radians(step * 10)
        x, y = 256 + 150 * math.cos(angle), 256 + 170 * math.sin(angle)
        draw.ellipse((x - 15, y - 11, x + 15, y + 11), outline=metal, width=6)
    return []


def _draw_stone(draw, center, radius, sides):
    outline, table = (_polygon(center, size, sides) for size in (radius, radius * 0.55))
    draw.polygon(outline, fill=STONE, outline=FACET)
    for index in range(0, sides, max(1, sides // 8)):
        draw.line((outline[index], table[index]), fill=FACET, width=3)
    draw.line([*table, table[0]], fill=FACET, width=3)
    draw.line([*outline, outline[0]], fill=FACET, width=4)


def _polygon(center, radius, sides):
    turn = math.pi / sides
    return [
        (
            center[0] + radius * math.cos(turn + 2 * math.pi * index / sides),
            center[1] + radius * math.sin(turn + 2 * math.pi * index / sides),
        )
        for index in range(sides)
    ]


_DRAW_METAL = {
    "ring": _draw_ring,
    "pendant": _draw_pendant,
    "earrings": _draw_earrings,
    "chain": _draw_chain,
}
