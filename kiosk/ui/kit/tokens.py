"""Colours and sizes, after the Digital Agency's design system; the only place for a number."""

from dataclasses import dataclass

BLUE_900 = "#0017c1"
BLUE_1000 = "#00118f"
BLUE_1200 = "#000060"
BLUE_50 = "#e8f1fe"
BLUE_100 = "#d9e6ff"
GRAY_900 = "#1a1a1a"
GRAY_800 = "#333333"
GRAY_600 = "#666666"
GRAY_420 = "#949494"
GRAY_200 = "#cccccc"
GRAY_50 = "#f2f2f2"
WHITE = "#ffffff"
GREEN = "#197a4b"
RED = "#ce0000"
RED_50 = "#fdeeee"
YELLOW_300 = "#ffd43d"
YELLOW_50 = "#fbf5e0"
ORANGE = "#c74700"

SMALLEST = 34
BODY = 38
LEAD = 44
BUTTON = 42
HEADING = 60
DISPLAY = 84
RADIUS = 16
GAP = 24
TARGET = 104


@dataclass(frozen=True)
class Layout:
    """One of the two shapes a kiosk stands in; each has its own arrangement."""

    name: str
    width: int
    height: int
    margin: int

    @property
    def portrait(self) -> bool:
        """Whether the screen is taller than wide."""
        return self.height > self.width


PORTRAIT = Layout("portrait", 1080, 1920, 64)
LANDSCAPE = Layout("landscape", 1920, 1080, 56)
LAYOUTS = {layout.name: layout for layout in (PORTRAIT, LANDSCAPE)}
