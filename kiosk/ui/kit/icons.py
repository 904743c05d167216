"""Our own line icons: one stroke width, any colour."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).parents[3] / "resources" / "icons"


@lru_cache(maxsize=256)
def icon(name: str, size: int, colour: str) -> QPixmap:
    """The icon, sharp at its size."""
    source = (ICONS / f"{name}.svg").read_text("utf-8").replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(source.encode()))
    box = renderer.viewBoxF()
    picture = QPixmap(int(size * box.width() / box.height()), size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(picture.rect()))
    painter.end()
    return picture
