"""Staff look after what waits: what it waits for, once more, held back; a paper looked for."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.domain.journal import Deed
from kiosk.domain.sheets import Fate
from kiosk.domain.tending import Act, Outgoing, Pending, RetryAsked, StopAsked, Tended
from kiosk.errors import StoreUnusable
from kiosk.ports.journal import Journal
from kiosk.ports.lanes import Clock
from kiosk.ports.outbox import NOT_AGREED, NOT_HEARD, OK, UNREADABLE, Outbox, OutboxRow, RowState
from kiosk.usecases.account import Account

_ASKING = (RowState.REFUSED, RowState.SET_ASIDE)
_STOPPABLE = (RowState.WAITING, RowState.REFUSED)
_WORDS = {
    RowState.SENDING: "いま市役所へ送っています。",
    RowState.DELIVERED: "市役所に届きました。",
    RowState.REFUSED: "市役所が受け付けませんでした{answer}。中身を確かめてください。",
    RowState.SET_ASIDE: "職員が送信から外しました{answer}。送信にもどせます。",
}
_FRESH = "まだ送っていません。市役所とつながると、自動で送ります。"
_AGAIN = "{attempts}回送りましたが、まだ届いていません{answer}。自動でもう一度送ります。"
_REASONS = {
    NOT_AGREED: "同意が取り消されたため送りません。中身は消しました。",
    NOT_HEARD: "市役所が同意の記録を受け取らなかったため、まだ送っていません。送信にもどせます。",
    UNREADABLE: "この端末の鍵では中身を開けないため、送れません。端末の担当者に知らせてください。",
}
_CODES = (OK, *_REASONS)
_LINE = {  # what the line itself came to, where the office said nothing
    "ConnectionError": "つながりませんでした",
    "ConnectTimeout": "つながりませんでした",
    "ReadTimeout": "時間内に答えがありませんでした",
}


@dataclass(frozen=True)
class Tend:
    """What `outbox retry`, `outbox quarantine`, `paper settle` and the counter's page all do."""

    outbox: Outbox
    account: Account
    journal: Journal
    clock: Clock
    _forms: dict[str, str] = field(default_factory=dict, repr=False)

    def look(self) -> Pending:
        """Everything that is not settled; what asks for somebody first, then oldest first."""
        # what was taken back with its consent is settled: nothing of it is left
        here = (row for row in self.outbox.undelivered() if row.last_answer != NOT_AGREED)
        told = [self._told(row) for row in here]
        told.sort(key=lambda each: not each.asks)
        return Pending(tuple(told), tuple(self.account.unclear()))

    def do(self, act: Act, why: str, by: str) -> Tended:
        """What a clerk decided; whether it still could be done, and how everything stands now."""
        if isinstance(act, RetryAsked):
            done = self.retry(act.id, by)
        elif isinstance(act, StopAsked):
            done = self.stop(act.id, why, by)
        else:
            done = self.settle(act.number, act.fate, by)
        return Tended(done, self.look())

    def retry(self, submission: str, by: str) -> bool:
        """What was refused or set aside goes once more."""
        return self.outbox.retry(submission, self.clock.now(), by)

    def stop(self, submission: str, why: str, by: str) -> bool:
        """Not sent until somebody decides; a reason is never one of our own codes."""
        why = f"「{why}」" if why in _CODES else why
        return self.outbox.quarantine(submission, why, self.clock.now(), by)

    def settle(self, number: str, fate: Fate, by: str) -> bool:
        """Somebody looked; nothing is settled unwritten. The office is told afterwards."""
        if number not in self.account.unclear():
            return False
        self.journal.write(by, Deed.PAPER_SETTLED, number, fate)
        return self.account.settle(number, fate)

    def _told(self, row: OutboxRow) -> Outgoing:
        return Outgoing(
            id=row.id,
            receipt=row.receipt,
            kept=_moment(row.kept_at),
            form=self._form(row.id),
            purpose=row.purpose,
            words=words_of(row, answered=False),
            answer=_answer(row),
            attempts=row.attempts,
            tried=_moment(row.last_at),
            asks=row.state in _ASKING,
            stoppable=row.state in _STOPPABLE,
        )

    def _form(self, submission: str) -> str | None:
        """Of what is frozen only the procedure is looked at, and remembered; it cannot change."""
        if submission not in self._forms:
            try:
                self._forms[submission] = str(json.loads(self.outbox.body(submission))["form"])
            except StoreUnusable:
                return None
        return self._forms[submission]


def words_of(row: OutboxRow, *, answered: bool = True) -> str:
    """Where it stands and what happens next, in one sentence for a clerk."""
    answer = row.last_answer or ""
    if row.state == RowState.SET_ASIDE and answer in _REASONS:
        return _REASONS[answer]
    told = f"（{answer}）" if answered and answer else ""
    if row.state == RowState.WAITING:
        return _AGAIN.format(attempts=row.attempts, answer=told) if row.attempts else _FRESH
    return _WORDS[RowState(row.state)].format(answer=told)


def _answer(row: OutboxRow) -> str:
    """What the office said last, or why it was held back; our own codes are sentences already."""
    answer = row.last_answer or ""
    return "" if answer in _CODES else _LINE.get(answer, answer)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
