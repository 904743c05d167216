"""Nothing personal has room in what leaves for the city OS; small numbers stay at home."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import to_builtins
from msgspec.structs import replace

from forms.envelope import new_id
from office.cityos.broker import newer
from office.cityos.entities import (
    KINDS,
    NotPublishable,
    QueueMonitor,
    ServiceApplication,
    leaving,
    schemas,
)
from office.cityos.figures import public_name
from office.cityos.ngsi_ld import NgsiLd
from office.cityos.ngsi_v2 import NgsiV2
from office.cityos.suppress import large, part, waits
from office.cityos.told import clean, told
from office.oauth import Caller
from tests.fakes.city import CODE, DAY, KIOSK, TOWN
from tests.fakes.clock import StandingClock

SCHEMAS = Path(__file__).parents[2] / "resources" / "cityos" / "entities.schema.json"
OWN = frozenset({CODE, TOWN, "K01", "honcho", "本庁1階 申請端末1", "本庁市民課", "juminhyo"})
QUEUE = QueueMonitor(
    id=f"urn:ngsi-ld:QueueMonitor:{CODE}:honcho",
    local_government_code=CODE,
    office_name="本庁市民課",
    street_address_id=TOWN,
    service_id="applications",
    service_status="Open",
    tickets_to_serve=3,
    date_observed="2026-11-20T00:15:00Z",
)
SUBMISSION = str(new_id(StandingClock().now(), bytes(10)))
APPLICATION = ServiceApplication(
    id=f"urn:ngsi-ld:ServiceApplication:{CODE}:{public_name(b'k', SUBMISSION)}",
    local_government_code=CODE,
    procedure_code="juminhyo",
    channel="kiosk",
    status="received",
    status_seq=1,
    submitted_at="2026-11-20",
    status_changed_at="2026-11-20",
    ref_kiosk=f"urn:ngsi-ld:Kiosk:{CODE}:K01",
)
SAMPLES = (KIOSK, QUEUE, DAY, APPLICATION)
PERSONAL = (
    "渡邉　一郎",
    "かかない県書蒼市緑ケ丘四丁目10番地",
    "090-1234-5678",
    "09012345678",
    "K01-000041",
    "123456789018",
    123456789018,
    9012345678,
    SUBMISSION,
    "ichiro@example.jp",
    "1980-02-17",
)


def every_place():
    """Each field of each kind, and what is inside them."""
    for sample in SAMPLES:
        for field in sample.__struct_fields__:
            yield pytest.param(sample, field, id=f"{type(sample).__name__}.{field}")


def planted(sample, field, value):
    """Every entity that has the value somewhere in this field."""
    kept = getattr(sample, field)
    yield replace(sample, **{field: value})
    if isinstance(kept, str):
        yield replace(sample, **{field: f"{kept}{value}"})
        yield replace(sample, **{field: f"{kept}:{value}"})
    if isinstance(kept, tuple):
        for inner in kept[0].__struct_fields__:
            yield replace(sample, **{field: (replace(kept[0], **{inner: value}),)})
    if hasattr(kept, "__struct_fields__"):
        for inner in kept.__struct_fields__:
            yield replace(sample, **{field: replace(kept, **{inner: value})})
            yield replace(sample, **{field: replace(kept, **{inner: (value, value)})})


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_what_is_meant_to_leave_leaves_whole(sample):
    assert leaving(sample, OWN) == to_builtins(sample)


@pytest.mark.parametrize("value", PERSONAL, ids=str)
@pytest.mark.parametrize(("sample", "field"), list(every_place()))
def test_nothing_personal_leaves_in_any_place(sample, field, value):
    for bad in planted(sample, field, value):
        with pytest.raises(NotPublishable) as refused:
            leaving(bad, OWN)
        assert str(value) not in str(refused.value)


def test_a_terminal_that_the_city_did_not_name_does_not_leave():
    with pytest.raises(NotPublishable):
        leaving(KIOSK, OWN - {"K01"})


@pytest.mark.parametrize("encoder", [NgsiV2, NgsiLd])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_both_dialects_say_every_attribute(sample, encoder):
    body = leaving(sample, OWN)
    encoded = encoder("http://127.0.0.1:9", Caller(), OWN).encode(sample, body)
    assert encoded.keys() - {"@context"} == body.keys()
    assert json.loads(json.dumps(encoded))["id"] == sample.id


def test_a_forbidden_sign_outside_of_our_own_words_is_refused_at_encoding():
    encoder = NgsiV2("http://127.0.0.1:9", Caller(), OWN)
    bad = replace(KIOSK, software_version="1.0.0;")
    with pytest.raises(NotPublishable):
        encoder.encode(bad, to_builtins(bad))
    bracketed = replace(KIOSK, name="本庁(控え)")
    assert encoder.encode(bracketed, to_builtins(bracketed))["name"]["type"] == "TextUnrestricted"


def test_an_application_has_a_random_name_that_is_always_the_same():
    name = public_name(b"k", SUBMISSION)
    assert name == public_name(b"k", SUBMISSION)
    assert name != public_name(b"l", SUBMISSION)
    assert (name.version, UUID(SUBMISSION).version) == (4, 7)


def test_an_older_word_is_never_newer_whatever_the_spelling():
    there = {"dateLastValueReported": "2026-11-20T00:15:00.000Z", "outboxDepth": 3}
    older = {"dateLastValueReported": "2026-11-20T09:14:00+09:00", "outboxDepth": 1}
    same = {"dateLastValueReported": "2026-11-20T00:15:00Z", "outboxDepth": 3}
    assert not newer(there, older, "dateLastValueReported")
    assert not newer(there, same, "dateLastValueReported")
    assert newer(there, {**same, "outboxDepth": 0}, "dateLastValueReported")
    assert newer(None, older, None)


@given(st.dictionaries(st.text("abc", max_size=3), st.integers(0, 40), max_size=9))
def test_what_is_hidden_cannot_be_had_back_from_the_total(counts):
    told_counts = large(counts, 10)
    hidden = [count for name, count in counts.items() if count and name not in told_counts]
    assert all(count >= 10 for count in told_counts.values())
    assert not hidden or not told_counts or (len(hidden) >= 2 and sum(hidden) >= 10)


def test_one_small_number_takes_the_next_with_it():
    assert large({"a": 80, "b": 40, "c": 12, "d": 3}, 10) == {"a": 80, "b": 40}
    assert large({"a": 80, "b": 40, "c": 12}, 10) == {"a": 80, "b": 40, "c": 12}
    assert large({"a": 4, "b": 3}, 10) == {}


def test_a_part_is_hidden_where_the_rest_is_small():
    assert part(120, 132, 10) == 120
    assert part(125, 132, 10) is None
    assert part(9, 132, 10) is None
    assert part(132, 132, 10) == 132


def test_waits_are_told_of_many_and_to_the_minute():
    assert waits([100.0] * 9, 10) == (None, None)
    assert waits([float(n) for n in range(1000)], 10) == (480, 900)


def test_a_notice_is_plain_words():
    hostile = "<b onclick=x>大雨</b>&lt;script&gt;\u202e\x07避難\u200b\n\nして<br>ください"
    assert clean(hostile, 80) == "大雨 避難 して ください"
    assert clean("&amp;lt;b&amp;gt;大雨&amp;lt;/b&amp;gt;", 80) == "大雨"
    assert clean("あ" * 100, 80) == "あ" * 79 + "…"
    assert clean(7, 80) == ""


@pytest.mark.parametrize(
    "entity",
    [
        {
            "id": "a",
            "type": "Alert",
            "name": {"type": "Text", "value": "避難指示"},
            "name_en": {"type": "Text", "value": "Evacuate"},
            "validTo": {"type": "DateTime", "value": "2026-11-21T10:00:00.000Z"},
            "dateModified": {"type": "DateTime", "value": "2026-11-21T00:00:00.000Z"},
        },
        {
            "id": "a",
            "type": "Alert",
            "name": {"languageMap": {"ja": "避難指示", "en": "Evacuate"}},
            "validTo": "2026-11-21T19:00:00+09:00",
            "modifiedAt": "2026-11-21T00:00:00Z",
        },
        {
            "id": "a",
            "type": "Alert",
            "name": {
                "type": "LanguageProperty",
                "languageMap": {"ja": "避難指示", "en": "Evacuate"},
            },
            "validTo": {
                "type": "Property",
                "value": {"@type": "DateTime", "@value": "2026-11-21T19:00:00"},
            },
            "modifiedAt": "2026-11-21T00:00:00Z",
        },
    ],
    ids=["v2", "ld-simple", "ld-normalised"],
)
def test_a_notice_is_the_same_in_every_dialect(entity):
    found = told(entity, {"Alert": "alert"})
    assert {language: words.title for language, words in found.words.items()} == {
        "ja": "避難指示",
        "en": "Evacuate",
    }
    assert found.ends == "2026-11-21T10:00:00.000000+00:00"
    assert found.modified == "2026-11-21T00:00:00.000000+00:00"
    assert not found.revoked


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=10,
    )
)
def test_no_entity_of_anybody_breaks_us(value):
    for name in ("name", "description", "status", "validTo", "dateModified", "id"):
        told({"id": "a", "type": "Alert", "name": "x", name: value}, {"Alert": "alert"})


def test_the_schemas_are_those_of_the_code():
    assert json.loads(SCHEMAS.read_text("utf-8")) == schemas()
    assert schemas()["$defs"].keys() >= {kind.__name__ for kind in KINDS}


if __name__ == "__main__":
    SCHEMAS.write_text(json.dumps(schemas(), ensure_ascii=False, indent=1) + "\n", "utf-8")
