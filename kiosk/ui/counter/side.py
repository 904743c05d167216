"""Beside the sheet: what it costs, what stops it, what to mend, what to bring, and submit."""

from collections.abc import Callable
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from forms.definition import Paper
from forms.verdicts import Block, Found, Quote
from kiosk.ui.counter.editors.check import Check


class Words(QWidget):
    """A heading and words under it; nothing at all while there are no words."""

    def __init__(self, heading: str, name: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        title = QLabel(heading)
        title.setObjectName("heading")
        self.words = QLabel()
        self.words.setObjectName(name)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self._told = ""
        column.addWidget(title)
        column.addWidget(self.words)
        self.hide()

    def tell(self, words: str) -> None:
        """Show these words."""
        if words != self._told:
            self._told = words
            self.words.setText(airy(words))
        if self.isHidden() == bool(words):
            self.setVisible(bool(words))


class Side(QWidget):
    """Everything that follows from the answers, and the two ways out."""

    def __init__(self, *, asks_identity: bool, costs: bool) -> None:
        super().__init__()
        self._costs = costs
        self.stop = Words("この申請は受けられません", "stop")
        self.fee = Words("手数料の内わけ", "lines")
        self.total = QLabel()
        self.total.setObjectName("fee" if costs else "free")
        self.problems = Words("直すところ　F8で次へ", "mend")
        self.notices = Words("お知らせ", "notice")
        self.papers = Words("必要なもの", "lines")
        self.identity = Check("本人確認をしました(&I)")
        if not asks_identity:
            self.identity.hide()
        self.identity_reason = QLabel("本人確認が必要です。")
        self.identity_reason.setObjectName("wrong")
        self.identity_reason.hide()
        self.leaving = QLabel("入力した内容は消えます。もう一度 Esc でもどります。")
        self.leaving.setObjectName("wrong")
        self.leaving.setWordWrap(True)
        self.leaving.hide()
        self.submit = QPushButton("申請して印刷　F9")
        self.submit.setObjectName("primary")
        self.back = QPushButton("一覧にもどる　Esc")
        self._lay_out()

    def _lay_out(self) -> None:
        inner = QWidget()
        told = QVBoxLayout(inner)
        told.setContentsMargins(0, 0, 8, 0)
        told.setSpacing(14)
        for part in (self.stop, self.total, self.fee, self.problems, self.notices, self.papers):
            told.addWidget(part)
        told.addStretch(1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(area, 1)
        for last in (self.identity, self.identity_reason, self.leaving, self.submit, self.back):
            column.addWidget(last)

    def connect_to(
        self, identity: Callable[[bool], None], submit: Callable[[], None], back: Callable[[], None]
    ) -> None:
        """Who is told of what happens here."""
        self.identity.toggled.connect(identity)
        self.submit.clicked.connect(submit)
        self.back.clicked.connect(back)

    def tell(
        self,
        quote: Quote,
        block: Block | None,
        notices: tuple[Found, ...],
        papers: tuple[Paper, ...],
        problems: list[str],
    ) -> None:
        """What follows from the answers now."""
        self.stop.tell(block.message if block else "")
        self.total.setText(f"{quote.total:,}円" if self._costs else "手数料なし")
        self.fee.tell("\n".join(f"{x.label}　{_amount(x.count, x.unit)}" for x in quote.lines))
        self.problems.tell("\n".join(problems))
        self.notices.tell("\n".join(f"・{each.rule.label}" for each in notices))
        self.papers.tell("\n".join(_paper(each) for each in papers))

    def stops(self) -> list[QWidget]:
        """The focus comes here after the last question."""
        first: list[QWidget] = [self.identity] if not self.identity.isHidden() else []
        return [*first, self.submit, self.back]


def airy(words: str) -> str:
    """Words with room between their lines, which the faces themselves do not give."""
    lines = "<br>".join(escape(line) for line in words.split("\n"))
    return f"<div style='line-height:135%'>{lines}</div>"


def _amount(count: int, unit: int) -> str:
    return f"{unit:,}円" if count == 1 else f"{unit:,}円×{count}"


def _paper(paper: Paper) -> str:
    return f"□ {paper.label}" + ("（後日でもよい）" if paper.later else "")
