"""The page that a resident's phone shows: one state in plain words, no script and no names."""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from office.history import ACKNOWLEDGED, DONE, FINAL, FORWARDED, QUESTIONED, RECEIVED

LANGUAGES = ("ja", "ja_easy", "en")
WAITING, STRANGE = "waiting", "strange"
_STEPS = {RECEIVED: 0, FORWARDED: 1, ACKNOWLEDGED: 2, QUESTIONED: 2, DONE: 3}
_RUBY = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")
_EVERY = 60  # seconds
_MARKS = {"ja": "ja", "ja_easy": "ja", "en": "en"}


@dataclass(frozen=True)
class Shown:
    """What may be known of a submission by whoever holds its receipt."""

    state: str
    received: datetime | None = None
    missing: int = 0


class StatusPage:
    """Drawn from the city's words; its headers let nothing else onto it."""

    def __init__(self, folder: Path, city: str) -> None:
        self._city, self._style = city, (folder / "page.css").read_text("utf-8").strip()
        self._texts: dict[str, Mapping[str, Any]] = {
            language: json.loads((folder / f"{language}.json").read_text("utf-8"))
            for language in LANGUAGES
        }

    @property
    def headers(self) -> dict[str, str]:
        """Kept nowhere, told to nobody, and nothing runs on it."""
        style = b64encode(hashlib.sha256(self._style.encode()).digest()).decode()
        rules = ("base-uri", "form-action", "frame-ancestors")
        only = "; ".join(f"{rule} 'none'" for rule in rules)
        return {
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{style}'; {only}",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
            "Vary": "Accept-Language",
        }

    def draw(self, shown: Shown, language: str) -> str:
        """The whole page."""
        texts = self._texts[language]
        strange = shown.state == STRANGE
        head, words = texts[STRANGE] if strange else texts["states"][shown.state]
        again = not strange and shown.state not in FINAL
        refresh = f'<meta http-equiv="refresh" content="{_EVERY}">' if again else ""
        body = (
            self._choice(language),
            f'<main><p class="city">{escape(self._city)}　{_ruby(texts["asked"])}</p>',
            f"<h1>{_ruby(head)}</h1><p>{_ruby(words)}</p>",
            self._more(texts, shown),
            "" if strange else f'<p class="soft">{_ruby(texts["ask"])}</p>',
            f'<p class="soft">{_ruby(texts["again"])}</p>' if again else "",
            "</main>",
        )
        return (
            f'<!doctype html><html lang="{_MARKS[language]}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"{refresh}<title>{_plain(texts['title'])}</title><style>{self._style}</style></head>"
            f"<body>{''.join(body)}</body></html>"
        )

    def _choice(self, language: str) -> str:
        links = (
            f"<b>{escape(self._texts[each]['language'])}</b>"
            if each == language
            else f'<a href="?lang={each}">{escape(self._texts[each]["language"])}</a>'
            for each in LANGUAGES
        )
        return f"<nav>{''.join(links)}</nav>"

    @staticmethod
    def _more(texts: Mapping[str, Any], shown: Shown) -> str:
        """How far it is, since when, and what is still on its way."""
        parts = []
        if shown.missing:
            parts.append(f"<p>{_ruby(texts['files'].replace('{count}', str(shown.missing)))}</p>")
        if shown.state in _STEPS:
            parts.append(f"<ol>{_steps(texts, _STEPS[shown.state])}</ol>")
        if shown.received is not None:
            day = _date(texts["date"], shown.received)
            parts.append(f'<p class="soft">{_ruby(texts["received_on"])}　{_ruby(day)}</p>')
        return "".join(parts)


def language_of(asked: str | None, accepted: str | None) -> str:
    """What was chosen on the page; else what the phone speaks: Japanese, or English for others."""
    if asked in LANGUAGES:
        return asked
    first = (accepted or "ja").split(",")[0].strip().lower()
    return "ja" if first.startswith(("ja", "*")) or not first else "en"


def _steps(texts: Mapping[str, Any], now: int) -> str:
    """A word says which is now: colour alone is not for everybody."""
    here = f"<small>{_ruby(texts['here'])}</small>"
    return "".join(
        f'<li aria-current="step">{_ruby(words)}{here}</li>'
        if place == now
        else f"<li>{'✓ ' if place < now else ''}{_ruby(words)}</li>"
        for place, words in enumerate(texts["steps"])
    )


def _date(spelling: str, day: datetime) -> str:
    parts = {"{year}": f"{day.year}", "{month}": f"{day.month}", "{day}": f"{day.day}"}
    parts |= {"{month:02}": f"{day.month:02}", "{day:02}": f"{day.day:02}"}
    for mark, value in parts.items():
        spelling = spelling.replace(mark, value)
    return spelling


def _ruby(words: str) -> str:
    """`{漢字|かんじ}` with its reading above it."""
    return _RUBY.sub(r"<ruby>\1<rt>\2</rt></ruby>", escape(words))


def _plain(words: str) -> str:
    return escape(_RUBY.sub(r"\1", words))
