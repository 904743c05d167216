"""The 番号札: a number that is read across the hall."""

from printing.era import wareki
from printing.letters.glyphs import Fonts
from printing.paper import Ticket, texts
from printing.sheet import Block
from printing.slips.roll import ROLL_80, WEEKDAYS, Roll, SlipKit

CALLED = "番号でお呼びします。\nそばでお待ちください。"


class TicketPress:
    """Turns a place in the queue into a slip."""

    def __init__(self, fonts: Fonts, roll: Roll = ROLL_80) -> None:
        self._kit = SlipKit(fonts, roll)

    def render(self, ticket: Ticket) -> bytes:
        """The slip as PDF; the same ticket gives the same bytes."""
        self._kit.gate.check(texts(ticket))
        blocks = self._blocks(ticket)
        return self._kit.draw(f"番号札 {ticket.number}", blocks, specimen=ticket.specimen)

    def _blocks(self, ticket: Ticket) -> list[Block]:
        kit = self._kit
        moment = f"{wareki(ticket.at.date())}（{WEEKDAYS[ticket.at.weekday()]}）{ticket.at:%H:%M}"
        return [
            kit.words(f"{ticket.city}　{ticket.office_name}", kit.body, after=1.5),
            kit.banner(ticket.procedure, filled=True),
            kit.words("番号札", kit.heading),
            kit.words(ticket.number, kit.call, after=1),
            kit.rule(),
            kit.words(_queue(ticket.waiting), kit.heading, after=1),
            kit.words(CALLED, kit.body, after=1),
            *([kit.words(ticket.note, kit.body, "left", after=1)] if ticket.note else []),
            *self._where(ticket),
            kit.bars(ticket.code),
            kit.words(moment, kit.body),
        ]

    def _where(self, ticket: Ticket) -> list[Block]:
        if not ticket.url:
            return []
        kit = self._kit
        return [kit.words("お呼びの番号をスマートフォンで", kit.strong), kit.qr(ticket.url)]


def _queue(waiting: int) -> str:
    return f"あなたの前に {waiting}人 お待ちです" if waiting else "まもなくお呼びします"
