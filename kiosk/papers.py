"""`kakanai paper`: one paper from data, each kind by a function of its own."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from forms.answers import begun, take
from forms.definition import Channel
from forms.form import Form
from forms.outcome import in_words
from forms.scope import Occasion
from forms.sealing import Unopenable
from kiosk.adapters.clock import WallClock
from kiosk.adapters.keys import usable_keys
from kiosk.adapters.procedures import Folders
from kiosk.config import Settings
from kiosk.errors import SetupFault
from kiosk.formpaper import Wanted, print_form
from kiosk.forms import answers_in, clerks_words
from kiosk.telling import refuse, tell
from printing.applications.form import FormPress
from printing.faults import MissingFont, MissingGlyph
from printing.letters.glyphs import find_fonts


@dataclass(frozen=True)
class Sheet:
    """What `paper form` is asked for; without answers it is blank."""

    form: str
    answers: Path | None
    out: Path
    today: date
    channel: str


def print_sheet(
    home: Path, folders: Folders, settings: Settings, sheet: Sheet, *, as_json: bool
) -> int:
    """Any procedure's form on A4, its codes sealed to this terminal's key."""
    definition = folders.named(sheet.form)
    form, occasion = Form(definition), Occasion(sheet.today, Channel(sheet.channel))
    answers = None
    if sheet.answers is not None:
        given, problems = take(form, answers_in(sheet.answers))
        if problems:
            told = in_words(form, problems, clerks_words())
            return refuse("answers", "読めない答えがあります", told, as_json=as_json)
        answers = begun(form, given, occasion)
    words = folders.words([definition])[form.id]
    with usable_keys(home / "keys") as keys:
        key = keys.prefill_keys()[0].public_key()
    wanted = Wanted(form, words, answers, occasion, settings.city, WallClock().now())
    try:
        sheet.out.write_bytes(print_form(wanted, key, FormPress(find_fonts())))
    except MissingFont as fault:
        raise SetupFault(str(fault)) from fault
    except MissingGlyph as fault:
        words_ = f"この文字は印刷できません: {fault}"
        return refuse("unprintable-name", words_, as_json=as_json)
    except Unopenable:
        return refuse("too-long", "答えが長すぎて、コードに入りません", as_json=as_json)
    except OSError as fault:
        raise SetupFault(f"{sheet.out}: cannot be written ({fault.strerror})") from fault
    return tell({"form": form.id, "file": str(sheet.out)}, [str(sheet.out)], as_json=as_json)
