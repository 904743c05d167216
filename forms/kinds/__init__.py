"""The kinds of answer: each reads what a person gives and shows it back the same."""

from collections.abc import Mapping

from forms.definition import Channel, Field
from forms.kinds import attached, choosing, numbers, places, words
from forms.kinds.reading import (
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_TEXT,
    Kind,
    Unreadable,
    as_is,
)

__all__ = [
    "KINDS",
    "LONGEST_NAME",
    "LONGEST_NOTE",
    "LONGEST_TEXT",
    "Kind",
    "Unreadable",
    "parse",
    "show",
]

_WITH_HELP = (Channel.COUNTER, Channel.WEB)

KINDS: Mapping[str, Kind] = {
    "text": Kind(words.text, as_is),
    "note": Kind(words.note, as_is),
    "name": Kind(words.name, as_is),
    "kana": Kind(words.kana, as_is),
    "email": Kind(words.email, as_is),
    "domicile": Kind(words.text, as_is),
    "date": Kind(numbers.day, numbers.show_day),
    "time": Kind(numbers.time, as_is),
    "address": Kind(places.address, places.show_address, parts=places.ADDRESS_PARTS),
    "phone": Kind(numbers.phone, as_is),
    "digits": Kind(numbers.digits, as_is),
    "choice": Kind(choosing.one, choosing.show_one),
    "choices": Kind(choosing.several, choosing.show_several),
    "yes-no": Kind(choosing.yes_no, choosing.show_yes_no),
    "count": Kind(numbers.whole, as_is),
    "money": Kind(numbers.money, numbers.show_money),
    "account": Kind(places.account, places.show_account, _WITH_HELP, places.ACCOUNT_PARTS),
    "point": Kind(numbers.point, numbers.show_point, _WITH_HELP, ("latitude", "longitude")),
    "signature": Kind(attached.signature, attached.show_signature, _WITH_HELP),
    "photos": Kind(attached.photos, attached.show_list, _WITH_HELP),
    "files": Kind(attached.files, attached.show_list, _WITH_HELP),
}


def parse(field: Field, value: object) -> object:
    """The answer in its stored form, or `Unreadable` with the reason."""
    return KINDS[field.kind].parse(field, value)


def show(field: Field, value: object) -> str:
    """The stored answer as a person reads it; what can be typed, `parse` takes back unchanged."""
    return "" if value == "" else KINDS[field.kind].show(field, value)
