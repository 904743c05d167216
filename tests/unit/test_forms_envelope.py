"""The envelope: one sequence of bytes for one submission, and a fault for anything else."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from itertools import pairwise
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.envelope import (
    Envelope,
    EnvelopeFault,
    canonical,
    digest,
    from_json,
    new_id,
    to_json,
)
from tests.fakes.envelopes import NOW, envelope

FACT = {"name": "birth", "value": "1999-08-08", "source": "card", "at": NOW.isoformat()}
SAMPLE = envelope(
    1,
    id=UUID("01930000-0000-7000-8000-000000000000"),
    applicant={"氏名": "山田　太郎"},
    content={"copies": 2, "domicile": False},
    facts=(FACT,),
    fee=400,
)
SAFE = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.none() | st.booleans() | SAFE | st.text(max_size=8)
RECORDS = st.dictionaries(st.text(max_size=6), VALUES, max_size=4)
JSON = st.recursive(
    VALUES | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
ENVELOPES = st.builds(
    Envelope,
    id=st.uuids(),
    form=st.text(max_size=8),
    version=st.text(max_size=8),
    receipt=st.text(max_size=8),
    device=st.text(max_size=8),
    sequence=SAFE,
    channel=st.sampled_from(["kiosk", "counter", "web"]),
    submitted=st.datetimes(timezones=ZONES),
    applicant=RECORDS,
    content=RECORDS,
    facts=st.lists(
        st.fixed_dictionaries({"name": VALUES, "value": VALUES, "source": VALUES, "at": VALUES}),
        max_size=2,
    ).map(tuple),
    fee=SAFE,
    wants_certificate=st.booleans(),
    parent=st.none() | st.uuids(),
)


def fault_of(raw):
    with pytest.raises(EnvelopeFault) as caught:
        from_json(raw)
    fault = caught.value
    assert str(fault) == f"{fault.where}: {fault.why}"
    return fault.where, fault.why


def changed(**values):
    return {**to_json(SAMPLE), **values}


@settings(max_examples=200, deadline=None)
@given(ENVELOPES)
def test_an_envelope_comes_back_from_its_bytes_the_same(envelope):
    body = canonical(envelope)
    back = from_json(json.loads(body))
    assert back == envelope
    assert canonical(back) == body
    assert digest(canonical(back)) == digest(body)


@settings(max_examples=100, deadline=None)
@given(st.binary())
def test_a_digest_is_the_sha_256_of_the_bytes(body):
    assert digest(body) == sha256(body).hexdigest()


def test_a_digest_is_written_in_hex():
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_bytes_do_not_depend_on_the_order_of_the_answers():
    turned = replace(SAMPLE, content=dict(reversed(SAMPLE.content.items())))
    assert list(turned.content) != list(SAMPLE.content)
    assert canonical(turned) == canonical(SAMPLE)


def test_the_bytes_are_sorted_and_without_spaces_or_escapes():
    assert canonical(SAMPLE).decode() == (
        '{"A票":{"氏名":"山田\u3000太郎"},"B票":{"copies":2,"domicile":false},"channel":"kiosk",'
        '"device":"K01","facts":[{"at":"2026-11-21T01:00:00+00:00","name":"birth",'
        '"source":"card","value":"1999-08-08"}],"fee":400,"form":"juminhyo",'
        '"id":"01930000-0000-7000-8000-000000000000","parent":null,"receipt":"K01-000001",'
        '"sequence":1,"submitted":"2026-11-21T01:00:00+00:00","version":"2026-11",'
        '"wants_certificate":true}'
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(SAMPLE, sequence=2),
        replace(SAMPLE, content={"copies": 3, "domicile": False}),
        replace(SAMPLE, wants_certificate=False),
        replace(SAMPLE, parent=SAMPLE.id),
        replace(SAMPLE, submitted=NOW + timedelta(microseconds=1)),
    ],
)
def test_any_change_changes_the_digest(other):
    assert digest(canonical(other)) != digest(canonical(SAMPLE))


def test_a_correction_names_the_envelope_it_corrects():
    correction = replace(SAMPLE, parent=SAMPLE.id)
    assert from_json(to_json(correction)).parent == SAMPLE.id


def test_an_envelope_without_a_word_about_a_parent_has_none():
    raw = to_json(SAMPLE)
    del raw["parent"]
    assert from_json(raw) == SAMPLE


@pytest.mark.parametrize("raw", [None, [], "body", 5, [to_json(SAMPLE)]])
def test_a_body_that_is_no_object_is_told(raw):
    assert fault_of(raw) == ("body", "must be an object")


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("id", "str"),
        ("form", "str"),
        ("version", "str"),
        ("receipt", "str"),
        ("device", "str"),
        ("sequence", "int"),
        ("channel", "str"),
        ("submitted", "str"),
        ("A票", "dict"),
        ("B票", "dict"),
        ("facts", "list"),
        ("fee", "int"),
        ("wants_certificate", "bool"),
    ],
)
def test_a_part_that_is_missing_or_of_another_kind_is_told(key, kind):
    without = to_json(SAMPLE)
    del without[key]
    assert fault_of(without) == (key, f"must be {kind}")
    assert fault_of(changed(**{key: None})) == (key, f"must be {kind}")
    assert fault_of(changed(**{key: 1.5})) == (key, f"must be {kind}")


@pytest.mark.parametrize("key", ["sequence", "fee"])
def test_yes_is_no_number(key):
    assert fault_of(changed(**{key: True})) == (key, "must be int")


@pytest.mark.parametrize("number", [0, 1])
def test_a_number_is_neither_yes_nor_no(number):
    assert fault_of(changed(wants_certificate=number)) == ("wants_certificate", "must be bool")


@pytest.mark.parametrize("key", ["id", "parent"])
@pytest.mark.parametrize("text", ["", "K01-000001", "01930000-0000-7000-8000-00000000000"])
def test_an_id_that_is_no_uuid_is_told(key, text):
    assert fault_of(changed(**{key: text})) == (key, "must be a UUID")


@pytest.mark.parametrize("parent", [5, False, "", []])
def test_a_parent_that_is_nothing_but_not_null_is_told(parent):
    where, _ = fault_of(changed(parent=parent))
    assert where == "parent"


@pytest.mark.parametrize("channel", ["", "fax", "KIOSK"])
def test_a_channel_nobody_knows_is_told_with_the_channels_there_are(channel):
    assert fault_of(changed(channel=channel)) == ("channel", "allowed: kiosk, counter, web")


@pytest.mark.parametrize("channel", ["kiosk", "counter", "web"])
def test_every_channel_may_hand_in(channel):
    assert from_json(changed(channel=channel)).channel == channel


@pytest.mark.parametrize("moment", ["", "now", "2026-13-01T00:00:00+09:00", "令和8年11月21日"])
def test_a_moment_that_is_none_is_told(moment):
    assert fault_of(changed(submitted=moment)) == ("submitted", "must be an ISO 8601 moment")


def test_a_moment_without_its_zone_is_told():
    assert fault_of(changed(submitted="2026-11-21T10:00:00")) == (
        "submitted",
        "must carry its zone",
    )


def test_a_moment_keeps_its_zone():
    envelope = from_json(changed(submitted="2026-11-21T10:00:00+09:00"))
    assert envelope.submitted == NOW
    assert to_json(envelope)["submitted"] == "2026-11-21T10:00:00+09:00"


@pytest.mark.parametrize(
    "wrong", [None, "birth", [], {}, *({k: v for k, v in FACT.items() if k != key} for key in FACT)]
)
def test_a_fact_without_its_origin_is_told_by_its_place(wrong):
    assert fault_of(changed(facts=[FACT, wrong])) == (
        "facts[1]",
        "must hold name, value, source, at",
    )


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_any_json_is_an_envelope_or_a_fault(raw):
    try:
        envelope = from_json(raw)
    except EnvelopeFault:
        return
    assert isinstance(envelope, Envelope)


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(sorted(to_json(SAMPLE))), JSON)
def test_one_strange_part_makes_an_envelope_or_a_fault_that_names_it(key, value):
    try:
        envelope = from_json(changed(**{key: value}))
    except EnvelopeFault as fault:
        assert fault.where.startswith(key)  # noqa: PT017
        return
    assert isinstance(envelope, Envelope)


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.binary(min_size=10, max_size=16),
)
def test_a_new_id_is_of_version_7_and_carries_its_moment(now, randomness):
    made = new_id(now, randomness)
    assert (made.version, made.variant) == (7, RFC_4122)
    carried = timedelta(milliseconds=made.int >> 80)
    moment = now - datetime(1970, 1, 1, tzinfo=UTC)
    assert abs(moment - carried) <= timedelta(milliseconds=1)


def test_a_new_id_is_written_as_its_standard_says():
    # The moment is the one of RFC 9562, appendix A.6.
    now = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    made = new_id(now, bytes.fromhex("0cc398c4dc0c0c07398f"))
    assert str(made) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


def test_later_ids_sort_behind_earlier_ones():
    made = [new_id(NOW + timedelta(seconds=n), bytes([255 - n] * 10)) for n in range(50)]
    assert all(earlier < later for earlier, later in pairwise(made))


def test_two_ids_of_one_moment_differ_by_chance():
    assert new_id(NOW, b"0123456789") != new_id(NOW, b"9876543210")
