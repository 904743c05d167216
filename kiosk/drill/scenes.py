"""The scenes of a drill: one kind of trouble each, and afterwards the terminal keeps its word."""

import random
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from kiosk.drill.stage import Stage
from kiosk.drill.terminal import Terminal
from kiosk.drill.wire import FINE, Trouble

Say = Callable[[str], None]
Promise = Callable[[str], None]
Play = Callable[[Stage, Promise, Say], None]
_PATIENCE = 600


@dataclass(frozen=True)
class Scene:
    """What is played; `play` tells the id of each application as soon as it was promised."""

    title: str
    played: str
    play: Play


@dataclass(frozen=True)
class Size:
    """How much of everything; `ended`: also what ends whole processes."""

    many: int = 20
    stride: int = 61
    kills: int = 4
    ended: bool = True


QUICK, EVERY_BYTE = Size(), Size(stride=1)


def scenes(size: Size) -> tuple[Scene, ...]:
    """All of them, mild ones first."""
    played = (
        Scene(
            "回線が切れる", "回線を切ったまま申請を預かり、つなぎ直して送ります。", _dead(size.many)
        ),
        Scene(
            "回線が遅い・返事がない",
            "返事を遅らせ、また返事をしないまま待たせます。",
            _slow(max(size.many // 4, 1)),
        ),
        Scene(
            "通信が途中で切れる",
            f"送る途中・返事の途中で、{size.stride}バイトごとの場所で切り、送り直します。"
            if size.stride > 1
            else "送る途中・返事の途中で、1バイトごとの場所で切り、送り直します。",
            _cut(size.stride),
        ),
        Scene(
            "市役所の装置が止まる",
            "受け付けの途中で市役所のプログラムを強制終了し、起動し直します。",
            _killed(size.kills, size.many),
        ),
        Scene(
            "時計が狂う",
            "端末の時計を10年前・10年先に動かしながら預かり、送ります。",
            _clock(max(size.many // 4, 1)),
        ),
        Scene(
            "同意を取り消す",
            "回線を切ったまま、同意のある申請を預かり、同意を取り消してから、つなぎ直します。",
            _taken_back(max(size.many // 4, 1)),
        ),
    )
    return played + _ENDED if size.ended else played


def _dead(many: int) -> Play:
    def play(stage: Stage, promise: Promise, _: Say) -> None:
        with stage.terminal() as terminal:
            stage.wire.be(Trouble(dead=True))
            for _n in range(many):
                _hand_in(terminal, promise)
            stage.bring_home(terminal)

    return play


def _slow(many: int) -> Play:
    def play(stage: Stage, promise: Promise, _: Say) -> None:
        with stage.terminal() as terminal:
            stage.wire.be(Trouble(slow=0.2))
            for _n in range(many):
                _hand_in(terminal, promise)
            stage.wire.be(Trouble(mute=True))
            _hand_in(terminal, promise)
            stage.bring_home(terminal)

    return play


def _cut(stride: int) -> Play:
    def play(stage: Stage, promise: Promise, say: Say) -> None:
        with stage.terminal() as terminal:
            stage.wire.be(FINE)
            _hand_in(terminal, promise)  # opens the session
            stage.wire.be(FINE)
            _hand_in(terminal, promise)
            whole = dict(stage.wire.carried)
            for way in ("request", "answer"):
                say(f"{way}: {whole[way]} bytes")
                for place in range(0, whole[way], stride):
                    asked = way == "request"
                    stage.wire.be(Trouble(request=place) if asked else Trouble(answer=place))
                    _hand_in(terminal, promise)
                    stage.bring_home(terminal)

    return play


def _killed(times: int, many: int) -> Play:
    def play(stage: Stage, promise: Promise, say: Say) -> None:
        chance = random.Random(times)  # noqa: S311 (when to fail, nothing secret)
        with stage.terminal() as terminal:
            for time in range(times):
                stage.wire.be(Trouble(dead=True))
                for _n in range(many):
                    _hand_in(terminal, promise)
                stage.wire.be(FINE)
                end = threading.Timer(chance.uniform(0.0, 0.15), stage.end_office)
                end.start()
                terminal.drain()
                end.join()
                say(f"{time + 1}/{times}: {terminal.waiting()} of {many} still wait")
                stage.restore_office()
                stage.bring_home(terminal)

    return play


def _clock(many: int) -> Play:
    def play(stage: Stage, promise: Promise, _: Say) -> None:
        with stage.terminal() as terminal:
            for off in (timedelta(days=-3650), timedelta(days=3650), timedelta(0)):
                stage.clock.off = off
                stage.wire.be(Trouble(dead=True))
                for _n in range(many):
                    _hand_in(terminal, promise)
                stage.bring_home(terminal)

    return play


def _taken_back(many: int) -> Play:
    def play(stage: Stage, promise: Promise, say: Say) -> None:
        with stage.terminal() as terminal:
            if not terminal.purposes.every:
                say("no purpose is asked for here")
                return
            promise(terminal.keep_agreeing())  # what was agreed to and not taken back goes
            stage.bring_home(terminal)
            stage.wire.be(Trouble(dead=True))
            for _n in range(many):
                promise(terminal.keep_agreeing())
            aside = stage.taken_back()
            terminal.take_back()
            if len(stage.taken_back()) < len(aside) + many:
                raise PlayFault("there was nothing to take back")
            stage.bring_home(terminal)

    return play


def _disk(stage: Stage, promise: Promise, say: Say) -> None:
    _played(stage, "disk", promise, say)


def _power(stage: Stage, promise: Promise, say: Say) -> None:
    _played(stage, "power", promise, say)


def _played(stage: Stage, trouble: str, promise: Promise, say: Say) -> None:
    """In processes of its own, as they are to be ended."""
    command = [sys.executable, "-m", "kiosk.drill.player", str(stage.home), trouble]
    done = subprocess.run(
        command,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    for line in done.stdout.splitlines():
        what, _, words = line.partition(" ")
        if what == "kept":
            promise(words)
        else:
            say(line)
    if done.returncode:
        raise PlayFault(done.stderr[-2000:])
    with stage.terminal() as terminal:
        stage.bring_home(terminal)


class PlayFault(Exception):
    """A scene could not be played to its end; that is a fault of ours."""


def _hand_in(terminal: Terminal, promise: Promise) -> None:
    kept = terminal.keep()
    promise(kept)
    terminal.hand_in(kept)


_ENDED = (
    Scene(
        "ディスクがいっぱいになる",
        "書き込めない間は預からず、空きができたら預かります。",
        _disk,
    ),
    Scene(
        "停電",
        "保存と送信のすべての区切りで端末のプログラムを強制終了し、起動し直します。",
        _power,
    ),
)
