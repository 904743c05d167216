"""From an office's answer to certificates, and back to the words that it sealed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct, convert, to_builtins

from printing.contents import AnyContent, Certificate, City, Item, Risai


def certificate_from(raw: Any) -> Certificate:
    """The certificate that the office answered; msgspec.ValidationError names what is wrong."""
    certificate: Certificate = convert(raw, Certificate)
    return certificate


def certificates_from(answer: Mapping[str, Any], *, specimen: bool) -> tuple[Certificate, ...]:
    """Every sheet set of an office's answer; KeyError, TypeError, ValueError where it is none."""
    city, issued = City(**answer["city"]), date.fromisoformat(answer["issued"])
    return tuple(
        Certificate(str(number), issued, city, content_from(paper["content"]), seal, specimen)
        for paper in answer.get("papers") or (_one_paper(answer),)
        for number, seal in zip(paper["numbers"], _seals(paper), strict=True)
    )


def words_of(certificate: Certificate) -> dict[str, Any]:
    """What the office sealed of this paper: its words, without the seal over them."""
    return {
        "number": certificate.number,
        "issued": certificate.issued.isoformat(),
        "city": to_builtins(certificate.city),
        "type": certificate.content.__struct_config__.tag,
        "content": to_builtins(certificate.content),
    }


def _one_paper(answer: Mapping[str, Any]) -> dict[str, Any]:
    """A paper by itself, as it is written into a file."""
    seals = {"seals": [answer["seal"]]} if answer.get("seal") else {}
    return {"content": answer["content"], "numbers": [answer["number"]], **seals}


def _seals(paper: Mapping[str, Any]) -> Sequence[str]:
    seals = paper.get("seals") or [""] * len(paper["numbers"])
    return [seal or "" for seal in seals]


def content_from(raw: Any) -> AnyContent:
    """What the office answered, checked to the last key; msgspec.ValidationError otherwise."""
    content: AnyContent = convert(raw, AnyContent)
    return content


def _names(part: Struct) -> tuple[str, ...]:
    """As registers and as cards write it: a card has an alias in brackets behind the name."""
    name, alias = getattr(part, "name", None), getattr(part, "alias", None)
    if not name:
        return ()
    return (name, f"{name}（{alias}）") if alias else (name,)


def concerns(content: object, name: str, birth: str) -> bool:
    """Whether this very person is somewhere in it; without a birth there the name has to do."""
    match content:
        case Item(value=value):
            return value == name
        case Risai(head=head) if head == name:
            return True
        case Struct() if name in _names(content):
            return getattr(content, "birth", None) in (birth, None)
        case Struct():
            parts = (getattr(content, each) for each in content.__struct_fields__)
            return any(concerns(part, name, birth) for part in parts)
        case tuple():
            return any(concerns(part, name, birth) for part in content)
    return False
