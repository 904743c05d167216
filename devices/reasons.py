"""What a printer's own words mean for the one question that counts: does a sheet come out?"""

from collections.abc import Iterable

from devices.faults import DeviceFault, PaperOut, PrinterGone, PrinterStopped

_SUFFIXES = ("-report", "-warning", "-error")
_PAPER = {"media-empty", "media-needed"}
_GONE = {"offline", "connecting-to-device", "shutdown"}
_STOPS = {
    "cover-open",
    "developer-empty",
    "door-open",
    "fuser-over-temp",
    "hold-new-jobs",
    "input-tray-missing",
    "interlock-open",
    "marker-supply-empty",
    "marker-supply-missing",
    "marker-waste-full",
    "media-jam",
    "moving-to-paused",
    "opc-life-over",
    "output-area-full",
    "output-tray-missing",
    "paused",
    "spool-area-full",
    "stopped-partly",
    "toner-empty",
}


def bare(reason: str) -> str:
    """The word without its weight: printers disagree on the weight, hardly ever on the word."""
    for suffix in _SUFFIXES:
        if reason.endswith(suffix):
            return reason.removesuffix(suffix)
    return reason


def heard(reasons: Iterable[str]) -> tuple[str, ...]:
    """Every bare word that speaks of the printer, not of the queue's own housekeeping."""
    words = (bare(reason) for reason in reasons)
    return tuple(sorted({w for w in words if w != "none" and not w.startswith("cups-")}))


def fault(reasons: Iterable[str]) -> DeviceFault | None:
    """Why no sheet would come out; None when one would.

    A word nobody here knows stops us only if the printer itself calls it an error.
    """
    given = tuple(reasons)
    words = heard(given)
    if any(word in _GONE for word in words):
        return PrinterGone("printer")
    errors = {bare(reason) for reason in given if reason.endswith("-error")}
    stops = [word for word in words if word in _STOPS or (word in errors and word not in _PAPER)]
    paper = [word for word in words if word in _PAPER]
    if stops:
        return PrinterStopped(*stops, *paper)
    return PaperOut() if paper else None


def notes(reasons: Iterable[str]) -> tuple[str, ...]:
    """What somebody should see to some day: toner that runs low stops no sheet."""
    return heard(reason for reason in reasons if fault((reason,)) is None)
