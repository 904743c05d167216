"""What every context broker promises us, asked of our own or of the one in KAKANAI_TEST_BROKER."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
import requests
from msgspec.structs import replace as changed

from office.cityos.broker import BrokerAway, BrokerRefuses, Subscription
from office.cityos.entities import NotPublishable, Served, leaving
from office.cityos.ngsi import Ngsi
from office.cityos.ngsi_ld import NgsiLd
from office.cityos.ngsi_v2 import NgsiV2
from office.oauth import Caller, Credentials
from tests.fakes.broker import CLIENT, SECRET, FakeBroker
from tests.fakes.broker import broker as fake_broker
from tests.fakes.city import CODE, DAY, KIOSK, TOWN

ACCEPTED = Path(__file__).parents[1] / "data" / "city" / "accepted_by_orion.json"
REAL = os.environ.get("KAKANAI_TEST_BROKER")
KIND = os.environ.get("KAKANAI_TEST_BROKER_KIND", "v2")
OWN = frozenset(
    {CODE, "K01", "honcho", "本庁1階 申請端末1", "本庁(控え)", "本庁市民課", "juminhyo", TOWN}
    | {f"T{n:03d}" for n in range(130)}
)
LATER = changed(KIOSK, date_last_value_reported="2026-11-20T00:16:00Z", outbox_depth=0)


@pytest.fixture(params=["v2", "ld"])
def kind(request) -> str:
    if REAL and request.param != KIND:
        pytest.skip("the broker given speaks the other dialect")
    return request.param


@pytest.fixture
def fake(kind) -> Iterator[FakeBroker | None]:
    with ExitStack() as stack:
        yield None if REAL else stack.enter_context(fake_broker(kind))


@pytest.fixture
def troubled(fake) -> FakeBroker:
    if fake is None:
        pytest.skip("trouble is ordered from our own broker alone")
    return fake


def speak(url: str, kind: str, service: str, **more: Any) -> Ngsi:
    caller = Caller(more.pop("credentials", None), (1.0, 1.0))
    if kind == "v2":
        return NgsiV2(url, caller, OWN, service, more.get("path", "/office"))
    return NgsiLd(url, caller, OWN, service)


@pytest.fixture
def service() -> str:
    return f"kakanai{token_hex(4)}"


@pytest.fixture
def broker(fake, kind, service) -> Iterator[Ngsi]:
    made = speak(REAL or fake.url, kind, service)
    yield made
    if REAL:
        for each in (*made.query("Kiosk"), *made.query("CounterDailyStatistics")):
            made.delete(each["id"])
    made.close()


def test_what_is_told_stands_there_as_it_was_told(broker):
    assert broker.upsert(KIOSK)
    assert broker.upsert(DAY)
    found = broker.get(KIOSK.id)
    assert (found["name"], found["outboxDepth"]) == ("本庁1階 申請端末1", 2)
    assert found["peripheralState"] == {"printer": "ok", "cardReader": "ok", "scanner": "fault"}
    assert found["location"]["coordinates"] == [130.9411, 33.9578]
    assert broker.get(DAY.id)["kioskShare"] == 0.41
    assert [each["id"] for each in broker.query("CounterDailyStatistics")] == [DAY.id]


def test_what_was_never_told_is_not_there(broker):
    assert broker.get(KIOSK.id) is None
    assert broker.query("Kiosk") == []


def test_the_same_again_writes_nothing_and_something_newer_does(broker):
    assert broker.upsert(KIOSK)
    assert not broker.upsert(KIOSK)
    assert broker.upsert(LATER)
    assert broker.get(KIOSK.id)["outboxDepth"] == 0


def test_an_older_report_never_overwrites_a_newer_one(broker):
    broker.upsert(LATER)
    assert not broker.upsert(KIOSK)
    assert broker.upsert_many([KIOSK]) == {}
    assert broker.get(KIOSK.id)["outboxDepth"] == 0


def test_many_are_told_at_once_and_what_stands_there_already_is_left(broker):
    many = [
        changed(KIOSK, id=f"urn:ngsi-ld:Kiosk:{CODE}:T{n:03d}", outbox_depth=n) for n in range(130)
    ]
    assert broker.upsert_many([*many, DAY]) == {}
    assert {each["outboxDepth"] for each in broker.query("Kiosk")} == set(range(130))
    assert broker.upsert_many(many) == {}


def test_another_service_sees_nothing_of_it(broker, fake, kind, service):
    broker.upsert(KIOSK)
    other = speak(REAL or fake.url, kind, service + "x")
    assert other.get(KIOSK.id) is None
    other.close()


def test_what_is_deleted_is_gone_and_may_be_deleted_again(broker):
    broker.upsert(KIOSK)
    broker.delete(KIOSK.id)
    broker.delete(KIOSK.id)
    assert broker.get(KIOSK.id) is None


def test_our_own_words_may_have_brackets(broker):
    broker.upsert(changed(KIOSK, name="本庁(控え)"))
    assert broker.get(KIOSK.id)["name"] == "本庁(控え)"


def test_a_subscription_is_one_however_often_it_is_asked_for(broker):
    wanted = Subscription("http://127.0.0.1:9/v1/notifications/a", ("Alert", "Closure"))
    first = broker.subscribe(wanted)
    assert first
    assert broker.subscribe(wanted) == first
    moved = broker.subscribe(replace(wanted, url="http://127.0.0.1:9/v1/notifications/b"))
    assert moved != first
    assert [each["id"] for each in broker.subscriptions()] == [moved]
    broker.unsubscribe(moved)
    assert broker.subscriptions() == []


def test_nothing_leaves_that_is_not_the_citys_own_word(broker):
    with pytest.raises(NotPublishable):
        broker.upsert(changed(KIOSK, name="渡邉　一郎"))
    good = changed(KIOSK, id=f"urn:ngsi-ld:Kiosk:{CODE}:T001")
    refused = broker.upsert_many([changed(KIOSK, name="渡邉　一郎"), good])
    assert list(refused) == ["Kiosk"]
    assert "渡邉" not in str(refused)
    assert [each["id"] for each in broker.query("Kiosk")] == [good.id]


@pytest.mark.parametrize("what", [500, 503, 401, 408, 429, "hang", "lost", "half"])
def test_trouble_on_the_way_is_for_later_and_then_it_stands_there_once(troubled, broker, what):
    troubled.fail(what)
    with pytest.raises(BrokerAway):
        broker.get(KIOSK.id)
    troubled.fail(what)
    with pytest.raises(BrokerAway):
        broker.upsert(KIOSK)
    assert broker.upsert(KIOSK) is (what not in ("lost", "half"))
    assert len(broker.query("Kiosk")) == 1
    assert broker.get(KIOSK.id)["outboxDepth"] == 2


def test_a_slow_answer_is_waited_for(troubled, broker):
    troubled.fail("slow")
    assert broker.upsert(KIOSK)


def test_a_broker_that_says_when_is_heard(troubled, broker):
    troubled.fail(503, after="120")
    with pytest.raises(BrokerAway) as told:
        broker.upsert(KIOSK)
    assert told.value.after == 120


def test_a_broker_without_its_database_is_away_whatever_its_version_says(troubled, broker):
    troubled.database = False
    with requests.Session() as session:
        session.trust_env = False
        assert session.get(f"{troubled.url}/version", timeout=5).status_code == 200
    with pytest.raises(BrokerAway):
        broker.upsert(KIOSK)
    assert all(path != "/version" for _, path in troubled.asked)


def test_a_batch_that_is_too_large_goes_in_parts(troubled, broker):
    troubled.batch_limit = 4000
    many = [changed(KIOSK, id=f"urn:ngsi-ld:Kiosk:{CODE}:T{n:03d}") for n in range(20)]
    assert broker.upsert_many(many) == {}
    assert len(broker.query("Kiosk")) == 20


def test_one_entity_that_is_too_large_by_itself_is_named_and_the_others_go(troubled, broker):
    many = [changed(KIOSK, id=f"urn:ngsi-ld:Kiosk:{CODE}:T{n:03d}") for n in range(5)]
    large = changed(DAY, by_procedure=(Served("juminhyo", 80),) * 60)
    troubled.batch_limit = 1500
    refused = broker.upsert_many([*many, large])
    assert list(refused) == [large.id]
    assert len(broker.query("Kiosk")) == 5
    with pytest.raises(BrokerRefuses) as told:
        broker.upsert(large)
    assert told.value.too_large


@pytest.mark.parametrize("conflict", [409, 422])
def test_already_there_is_said_in_two_ways(troubled, broker, conflict):
    troubled.conflict = conflict
    assert broker.upsert(KIOSK)
    assert not broker.upsert(KIOSK)
    assert broker.upsert(LATER)


@pytest.mark.parametrize("header", ["Authorization", "X-Auth-Token"])
def test_a_token_is_fetched_renewed_and_fetched_again_once_it_was_revoked(
    troubled, kind, service, header
):
    troubled.wants_token, troubled.lifetime = header, 3600
    credentials = Credentials(f"{troubled.url}/token", CLIENT, SECRET, header=header)
    broker = speak(troubled.url, kind, service, credentials=credentials)
    assert broker.upsert(KIOSK)
    assert broker.upsert(LATER)
    assert troubled.granted == 1
    troubled.revoke()
    assert broker.get(KIOSK.id)["outboxDepth"] == 0
    assert troubled.granted == 2
    broker.close()


def test_a_token_that_has_ended_is_renewed_before_it_is_refused(troubled, kind, service):
    troubled.wants_token, troubled.lifetime = "Authorization", 0
    credentials = Credentials(f"{troubled.url}/token", CLIENT, SECRET)
    broker = speak(troubled.url, kind, service, credentials=credentials)
    with pytest.raises(BrokerAway):
        broker.upsert(KIOSK)  # each is over as it is given
    troubled.lifetime = 3600
    assert broker.upsert(KIOSK)
    broker.close()


def test_a_client_that_is_not_known_is_for_later_and_says_no_secret(troubled, kind, service):
    troubled.wants_token = "Authorization"
    credentials = Credentials(f"{troubled.url}/token", CLIENT, "falsch")
    broker = speak(troubled.url, kind, service, credentials=credentials)
    with pytest.raises(BrokerAway) as told:
        broker.upsert(KIOSK)
    assert "falsch" not in str(told.value)
    broker.close()


@pytest.mark.parametrize("entity", json.loads(ACCEPTED.read_text("utf-8"))[:3])
def test_what_a_real_orion_took_is_taken_here_and_ours_has_its_types(entity, service):
    with ExitStack() as stack:
        url = REAL or stack.enter_context(fake_broker("v2")).url
        session = stack.enter_context(requests.Session())
        session.trust_env = False
        headers = {"Fiware-Service": service}
        answer = session.post(f"{url}/v2/entities", json=entity, headers=headers, timeout=5)
        assert answer.status_code == 201
    ours = {"Kiosk": KIOSK, "CounterDailyStatistics": DAY}.get(entity["type"])
    if ours is not None:
        made = NgsiV2(url, Caller(), OWN)
        encoded = made.encode(ours, leaving(ours, OWN))
        types = {name: value["type"] for name, value in encoded.items() if isinstance(value, dict)}
        assert types == {n: v["type"] for n, v in entity.items() if isinstance(v, dict)}
        made.close()


@pytest.mark.parametrize(
    ("attribute", "status"),
    [
        ({"note": {"type": "Text", "value": "申請(控え)"}}, 400),
        ({"note": {"type": "Text", "value": "https://city.example/?a=1"}}, 400),
        ({"note": {"type": "TextUnrestricted", "value": "it's"}}, 201),
        ({"a note": {"type": "Text", "value": "x"}}, 400),
    ],
)
def test_orion_refuses_signs_as_it_was_measured_to(attribute, status, service):
    with ExitStack() as stack:
        url = REAL or stack.enter_context(fake_broker("v2")).url
        session = stack.enter_context(requests.Session())
        session.trust_env = False
        body = {"id": f"urn:x:{token_hex(4)}", "type": "Note", **attribute}
        headers = {"Fiware-Service": service}
        answer = session.post(f"{url}/v2/entities", json=body, headers=headers, timeout=5)
        assert answer.status_code == status
