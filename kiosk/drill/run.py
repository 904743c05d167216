"""The drill itself: scene after scene, each compared with what the office has, and a report."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import to_builtins

from kiosk.adapters.clock import WallClock
from kiosk.adapters.devicekeys import DeviceKeys
from kiosk.adapters.evidence import evidence
from kiosk.config import read_settings
from kiosk.drill.scenes import PlayFault, Scene, Size, scenes
from kiosk.drill.signing import signed
from kiosk.drill.stage import Stage, stage
from kiosk.errors import SetupFault, WorldFault
from kiosk.ground import office_of
from kiosk.stationery import fonts
from kiosk.telling import FINE, NO, tell
from kiosk.usecases.audit import audit
from printing.drill import FAILED, HELD, DrillPress
from printing.paper import DrillReport, DrillScene

_EACH = ("ended ", "refused ")


def run(
    home: Path, size: Size, out: Path | None, say: Callable[[str], None], *, as_json: bool
) -> int:
    """Play it, write the report, tell the verdict; whoever was not paired signs with a new key."""
    report = drill(home, size, say)
    holds = all(scene.holds for scene in report.scenes)
    file = out or home / "drills" / f"drill-{report.device}-{report.made:%Y%m%d-%H%M%S}.pdf"
    keys = DeviceKeys(home / "keys")
    pem = next(iter(keys.candidates()), None) or keys.next()
    pdf = signed(DrillPress(fonts(read_settings(home))).render(report), report, pem)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pdf)
    except OSError as fault:
        raise SetupFault(f"{file}: cannot be written ({fault.strerror}); use --out") from fault
    told = {"holds": holds, "file": str(file), **to_builtins(report)}
    tell(told, [f"{HELD if holds else FAILED}  {file}"], as_json=as_json)
    return FINE if holds else NO


def drill(home: Path, size: Size, say: Callable[[str], None]) -> DrillReport:
    """Play every scene on a copy of this home; what was copied is gone afterwards."""
    begun, made = time.monotonic(), WallClock().now()
    settings = read_settings(home)
    with TemporaryDirectory(prefix="kakanai-drill-") as folder, stage(home, Path(folder)) as place:
        played = [_played(scene, place, say) for scene in scenes(size)]
        journal, scene = _journal(place)
    seconds = round(time.monotonic() - begun)
    return DrillReport(
        city=settings.city,
        office_name=settings.office_name,
        device=settings.device,
        made=made,
        seconds=seconds,
        scenes=(*played, scene),
        journal=journal,
    )


def _played(scene: Scene, place: Stage, say: Callable[[str], None]) -> DrillScene:
    """One scene; what fails in it is its result, and the next one is played all the same."""
    say(scene.title)
    promised: list[str] = []
    words = ""
    try:
        scene.play(place, promised.append, partial(_say_most, say))
    except (WorldFault, SetupFault, PlayFault) as fault:
        words = f"この場面は最後まで行えませんでした（{type(fault).__name__}）。"
    found = compared(scene, place, promised, words)
    say(f"  {found.kept} / {found.arrived}" + (f"  {found.words}" if found.words else ""))
    return found


def _say_most(say: Callable[[str], None], line: str) -> None:
    """Whoever watches wants to know how far it is, not each of hundreds of cuts."""
    if not line.startswith(_EACH):
        say(f"  {line}")


def compared(scene: Scene, place: Stage, promised: Sequence[str], words: str) -> DrillScene:
    """What was promised against what lies at the office."""
    there = place.arrived()
    ids = [one for one, _ in there]
    ours = set(promised)
    lost = sorted(ours - set(ids))
    doubled = len(ids) - len(set(ids)) + len(promised) - len(ours)
    order = [number for one, number in there if one in ours]
    shown, gone = place.shown(), place.taken_back() & set(ids)
    told = [words] if words else []
    if lost:
        told.append(f"市役所にない申請：{'、'.join(lost[:5])}")
    if order != sorted(order):
        told.append("預かった順に届いていません。")
    if shown:
        told.append("申請の内容が、暗号化されないまま端末に残っています。")
    if gone:
        told.append("同意を取り消したあとに送られたものがあります。")
    return DrillScene(
        title=scene.title,
        played=scene.played,
        kept=len(promised),
        arrived=len(ours & set(ids)),
        lost=len(lost),
        doubled=doubled,
        leaked=shown + len(gone),
        words="　".join(told),
    )


def _journal(place: Stage) -> tuple[str, DrillScene]:
    """Where the copy's journal ends, and whether it is whole after all of that."""
    with (
        closing(office_of(place.settings, place.home)) as office,
        evidence(place.home / "terminal.db") as found,
    ):
        verdict = audit(found, office)
    words = f"監査記録がつながっていません（{verdict.finding.what}）。" if verdict.finding else ""
    played = f"すべての場面のあとで、{verdict.entries:,}件の記録を終わりまでたどりました。"
    return verdict.end, DrillScene("監査記録", played, 0, 0, 0, 0, 0, words)
