"""Where a page differs from the same page made anew."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops

_NOTICED = 32  # of 255: less is not seen on a sheet
_FEWEST = 3  # pixels at 100 dpi; a full stop has more
_CELL = 16  # pixels: differences closer than this are one place
_MOST = 20
_MM = 25.4


@dataclass(frozen=True)
class Place:
    """A box on a page, in millimetres from its top left corner, for a clerk to look at."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


def differences(
    found: Sequence[Image.Image], fresh: Sequence[Image.Image], dpi: int
) -> tuple[Place, ...]:
    """The places that differ; a page too many or too few differs as a whole."""
    places: list[Place] = []
    for number in range(max(len(found), len(fresh))):
        if number < min(len(found), len(fresh)) and found[number].size == fresh[number].size:
            boxes = _boxes(found[number], fresh[number])
        else:
            whole = found[number] if number < len(found) else fresh[number]
            boxes = iter([(0, 0, *whole.size)])
        places.extend(Place(number + 1, *(each * _MM / dpi for each in box)) for box in boxes)
        if len(places) >= _MOST:
            break
    return tuple(places[:_MOST])


def _boxes(found: Image.Image, fresh: Image.Image) -> Iterator[tuple[int, int, int, int]]:
    channels = ImageChops.difference(found, fresh).split()
    strongest = channels[0]
    for channel in channels[1:]:
        strongest = ImageChops.lighter(strongest, channel)
    noticed = strongest.point(lambda value: 255 if value > _NOTICED else 0)
    if noticed.histogram()[255] < _FEWEST:
        return
    for columns, rows in _groups(noticed):
        box = (min(columns) * _CELL, min(rows) * _CELL)
        end = ((max(columns) + 1) * _CELL, (max(rows) + 1) * _CELL)
        inside = noticed.crop((*box, *end)).getbbox()
        if inside is not None:
            left, top, right, bottom = inside
            yield box[0] + left, box[1] + top, box[0] + right, box[1] + bottom


def _groups(noticed: Image.Image) -> Iterator[tuple[list[int], list[int]]]:
    """Cells that touch, gathered: their columns and their rows."""
    coarse = noticed.reduce(_CELL).point(lambda value: 255 if value else 0)
    left = {
        (x, y) for y in range(coarse.height) for x in range(coarse.width) if coarse.getpixel((x, y))
    }
    while left:
        edge = [left.pop()]
        group = list(edge)
        while edge:
            x, y = edge.pop()
            near = {(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)} & left
            left -= near
            edge.extend(near)
            group.extend(near)
        yield [x for x, _ in group], [y for _, y in group]
