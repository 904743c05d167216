"""Quick canonical bytes are the slow ones, whatever is in them."""

import time
from array import array
from collections import ChainMap, OrderedDict, UserDict, UserList, defaultdict, deque
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import Raw

from forms.envelope import (
    EnvelopeFault,
    canonical,
    canonical_json,
    from_json,
    status_token,
    to_json,
)
from tests.fakes.envelopes import envelope

# Lone surrogates, controls, DEL, astral characters: nothing is left out.
TEXT = st.text(st.characters(codec=None), max_size=8)
NASTY = st.sampled_from(
    ["\x00", "\x1f", "\x7f", "\u2028", "\ud800", "\uffff", "𠮷", "\U0010ffff", '"', "\\", ":", '":']
)
KEYS = TEXT | NASTY | st.builds("".join, st.lists(NASTY, max_size=3))
NUMBERS = st.integers() | st.sampled_from([2**53 - 1, 2**53, -(2**53) + 1, -(2**53)]) | st.floats()
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | KEYS,
    lambda part: st.lists(part, max_size=4) | st.dictionaries(KEYS, part, max_size=4),
    max_leaves=20,
)
ID = UUID("01930000-0000-7000-8000-000000000001")


class Word(StrEnum):
    YES = "yes"


class Count(IntEnum):
    ONE = 1


class Plain(Enum):
    TEXT = "yes"


class Name(str):
    __slots__ = ()


class Number(int):
    pass


class Place(NamedTuple):
    town: str
    number: int


def deep(times: int, inside: object) -> object:
    return {"a": [deep(times - 1, inside)]} if times else inside


def said(dumps, value) -> bytes | type[Exception]:
    try:
        return dumps(value)
    except ValueError as fault:  # UnicodeEncodeError and all of rfc8785's are some
        return type(fault)


@given(VALUES)
@example({"𠮷": 1, "\uffff": 2})
@example({"a": {"𠮷": 1, "\uffff": 2, "é": 3}})
@example(['\x7f\x1f\b\t\n\f\r"\\/'])
@example({"a": "\ud800"})
@example([2**53 - 1, 2**53])
@example([1.0, 1e21, -0.0])
@example({"b": Word.YES})
@example((1, ("a",)))
@example({'𠮷"': 1, "\uffff": 2})
@example({"𠮷\\": 1, "\uffff": 2})
@example({"\U0004ffff": 1, "\uffff": 2})
@example({"\U0008ffff": 1, "\uffff": 2})
@example({"\U000cffff": 1, "\uffff": 2})
@example({"\U0010ffff": 1, "\uffff": 2})
@example({"\uffff": '𠮷":', "\ue000": ['𠮷"', "𠮷\\"]})
@example({"\uffff𠮷": 1, "\U0010ffff": 2, "\ue000": {"𠮷": 3}})
@example({"a": [-0, True, {"b": ": 1.5", "c": "[1e5", "d": ",-0.0", "e": "9007199254740992"}]})
@example({"a": {"b": [{"c": 0.1}]}})
@example([10**15, 10**16, -(10**30)])
@example({Word.YES: Count.ONE, Name("n"): Name("o"), "p": Number(7), "q": Number(2**53)})
@example(OrderedDict(b=1, a=[Place("書蒼市", 3)]))
@example(defaultdict(int, b=1, a=2))
@example(deep(20, 1))
@example(deep(20, 1.0))
@example(deep(20, {"𠮷": 1, "\uffff": 2}))
def test_the_quick_bytes_are_those_of_the_rule(value) -> None:
    assert said(canonical_json, value) == said(rfc8785.dumps, value)


@pytest.mark.parametrize(
    "value",
    [
        {1: 2},
        {"a": {None: 1}},
        {"a": b"x"},
        ID,
        {"a": datetime(2026, 11, 21, tzinfo=UTC)},
        {"a": {1, 2}},
        {"a": frozenset("b")},
        {"a": deque([1])},
        {"a": MappingProxyType({"b": 1})},
        {"a": UserDict(b=1)},
        {"a": ChainMap({"b": 1})},
        {"a": UserList("b")},
        {"a": range(3)},
        {"a": array("b", [1])},
        {"a": {"b": 1}.items()},
        {"a": Decimal(1)},
        {"a": Plain.TEXT},
        {Plain.TEXT: 1},
        pytest.param({"a": Raw(b'{"b":1,"a":2}')}, id="raw"),
        {"a": envelope(1)},
        {"a": float("nan")},
        {"a": 2**53},
        {"a": [-(2**64)]},
        {"a": "\ud800"},
    ],
    ids=repr,
)
def test_what_is_no_json_is_refused_as_the_rule_refuses_it(value) -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical_json(value)


@pytest.mark.parametrize("part", ["𠮷", '"𠮷', "\\\\𠮷", '𠮷":'])
def test_names_are_found_in_a_body_full_of_rare_characters_in_no_time(part: str) -> None:
    value = {"a": part * 100_000, "b": [part] * 1000}
    before = time.process_time()
    assert canonical_json(value) == rfc8785.dumps(value)
    assert time.process_time() - before < 5


def test_what_is_no_share_has_the_bytes_it_always_had() -> None:
    assert not {"purpose", "person"} & to_json(envelope(1)).keys()
    assert b"purpose" not in canonical(envelope(1))


def test_a_share_says_for_what_and_of_whom() -> None:
    made = envelope(1, purpose="disaster-care", person="0a" * 32)
    assert from_json(to_json(made)) == made


@pytest.mark.parametrize("person", ["0A" * 32, "0a" * 31, "x" * 64, 7, ["0a" * 32]])
def test_a_person_that_is_no_mark_is_no_envelope(person: object) -> None:
    with pytest.raises(EnvelopeFault):
        from_json({**to_json(envelope(1)), "person": person})


def test_a_status_token_is_the_same_for_both_sides_and_tells_nothing_of_the_id() -> None:
    token = status_token(ID)
    assert token == status_token(UUID(str(ID)))
    assert len(token) == 22
    assert token != status_token(UUID(int=ID.int + 1))
    assert str(ID)[:8] not in token
