"""Where the tour lays its pictures and papers, in order."""

import html
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from printing.proof.pictures import sheets

_DPI = 96


class TourStuck(Exception):
    """A journey did not reach the page it should."""


@dataclass(frozen=True)
class Picture:
    """What is shown, what is said below it, and what a touch on it opens."""

    file: str
    caption: str
    opens: str


@dataclass
class Album:
    """Where pictures and papers are laid down, in order."""

    folder: Path
    said: Callable[[str], None]
    chapters: list[tuple[str, list[Picture]]] = field(default_factory=list)

    def chapter(self, title: str) -> None:
        """A new row of pictures."""
        self.chapters.append((title, []))
        self.said(title)

    def keep(self, widget: QWidget, name: str, caption: str) -> None:
        """One screen as PNG."""
        settle()
        file = self.folder / f"{name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        if not widget.grab().save(str(file)):
            raise TourStuck(f"cannot write {file}")
        self.chapters[-1][1].append(Picture(f"{name}.png", caption, f"{name}.png"))

    def paper(self, name: str, pdf: bytes, caption: str = "") -> None:
        """One paper as PDF, each page of it as a picture."""
        file = self.folder / "papers" / f"{name}.pdf"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pdf)
        pages = list(sheets(pdf, _DPI))
        for number, sheet in enumerate(pages, start=1):
            picture = file.with_name(f"{name}-{number}.png")
            sheet.save(picture)
            page = f"　{number}／{len(pages)}" if len(pages) > 1 else ""
            words = (caption or name) + page
            self.chapters[-1][1].append(
                Picture(f"papers/{picture.name}", words, f"papers/{name}.pdf")
            )

    @property
    def count(self) -> int:
        """How many pictures and papers were kept."""
        return sum(len(pictures) for _, pictures in self.chapters)

    def close(self) -> Path:
        """The page that shows everything in order."""
        rows = "\n".join(_row(title, pictures) for title, pictures in self.chapters)
        index = self.folder / "index.html"
        index.write_text(_PAGE.replace("ROWS", rows), "utf-8")
        return index


_PAGE = """<!doctype html><html lang="ja"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>書かない窓口 — tour</title>
<style>body{font:18px/1.6 sans-serif;margin:2rem;color:#1a1a1a}h1,h2{color:#0017c1}
div{display:flex;gap:1rem;overflow-x:auto;padding-bottom:1rem}figure{margin:0;flex:none}
img{height:480px;border:1px solid #949494;border-radius:6px}
figcaption{font-size:15px}</style>
<h1>書かない窓口</h1>ROWS</html>"""


def _row(title: str, pictures: list[Picture]) -> str:
    cells = "".join(
        f'<figure><a href="{html.escape(each.opens)}"><img loading="lazy" '
        f'src="{html.escape(each.file)}" alt="{html.escape(each.caption)}"></a>'
        f"<figcaption>{html.escape(each.caption)}{_opened(each)}</figcaption></figure>"
        for each in pictures
    )
    return f"<h2>{html.escape(title)}</h2><div>{cells}</div>"


def _opened(picture: Picture) -> str:
    if picture.opens == picture.file:
        return ""
    return f' <a href="{html.escape(picture.opens)}">PDF</a>'


def settle() -> None:
    """Let Qt do what it has to do, and really destroy what was left."""
    for _ in range(3):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
