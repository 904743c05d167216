"""A back office over real HTTP, with every way in which it can fail."""

import hashlib
import json
import ssl
import subprocess
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from office.oauth import Caller, Credentials, Tls
from office.relays.couriers import OneByOne
from office.relays.port import Acknowledged, Later, Parcel, Questioned, Refused, Taken, TargetAway
from office.relays.rest import RestRelay
from office.store import open_store
from tests.fakes.backoffice import PROBLEM, BackOffice, digest, serving
from tests.fakes.handing import PERSON, Handing, example
from tests.fakes.photos import photo, sha256, submit_with


def parcel():
    body = json.dumps(example(), ensure_ascii=False).encode()
    said = example()
    return Parcel(
        id=said["id"],
        sequence=1,
        device="K01",
        receipt=said["receipt"],
        sha256=hashlib.sha256(body).hexdigest(),
        body=body,
        envelope=said,
    )


@pytest.fixture
def back():
    made = BackOffice()
    with serving(made) as url:
        made.url = url
        yield made


def relay(back, credentials=None, tls=None, **more):
    caller = Caller(credentials, (1.0, 1.0), tls) if tls else Caller(credentials, (1.0, 1.0))
    return RestRelay(caller, f"{back.url}/in", timeout=1.0, **more)


def test_the_stored_bytes_go_under_the_submissions_own_key(back):
    sent = parcel()
    assert relay(back, bearer="secret").hand_over(sent) == Taken()
    ((headers, body),) = back.calls
    assert body == sent.body
    assert headers["Idempotency-Key"] == f'"{sent.id}"'
    assert headers["Authorization"] == "Bearer secret"


def test_a_system_that_takes_events_gets_the_same_bytes_inside_one(back):
    sent = parcel()
    relay(back, events=True).hand_over(sent)
    ((headers, body),) = back.calls
    event = json.loads(body)
    assert headers["Content-Type"] == "application/cloudevents+json"
    assert (event["specversion"], event["id"], event["subject"]) == ("1.0", sent.id, sent.receipt)
    assert event["data"] == sent.envelope
    assert sent.body in body
    assert hashlib.sha256(sent.body).hexdigest() == event["sha256"]


@pytest.mark.parametrize(
    ("status", "kind", "everybody"),
    [
        (200, Taken, None),
        (201, Taken, None),
        (202, Taken, None),
        (204, Taken, None),
        (307, Later, False),
        (400, Questioned, None),
        (401, Later, True),
        (403, Later, True),
        (404, Questioned, None),
        (408, Later, False),
        (409, Later, False),
        (410, Questioned, None),
        (413, Questioned, None),
        (422, Refused, None),
        (425, Later, False),
        (429, Later, True),
        (500, Later, False),
        (502, Later, True),
        (503, Later, True),
        (504, Later, True),
    ],
)
def test_each_status_has_one_meaning(back, status, kind, everybody):
    back.script = [(status,)]
    answer = relay(back).hand_over(parcel())
    assert isinstance(answer, kind)
    if everybody is not None:
        assert answer.everybody is everybody


def test_the_words_of_a_refusal_are_those_of_the_other_side(back):
    told = json.dumps({"title": "該当者なし", "detail": "宛名番号がありません"}).encode()
    fields = json.dumps({"title": "invalid", "errors": [{"field": "氏名"}]}).encode()
    back.script = [
        (400, {"Content-Type": PROBLEM}, told),
        (422, {"Content-Type": PROBLEM}, fields),
        (400, {"Content-Type": "text/html"}, b"<h1>no</h1>"),
        (400, {"Content-Type": PROBLEM}, b"[" * 60_000),
        (400, {"Content-Type": PROBLEM}, b"[1]"),
    ]
    answers = [relay(back).hand_over(parcel()) for _ in range(5)]
    assert answers[0] == Questioned("HTTP 400: 該当者なし: 宛名番号がありません")
    assert answers[1] == Questioned("HTTP 422: invalid")
    assert answers[2:] == [Questioned("HTTP 400")] * 3


def test_an_acknowledgement_in_the_answer_is_heard(back):
    back.script = [(200, {"Content-Type": "application/json"}, b'{"state": "acknowledged"}')]
    assert isinstance(relay(back).hand_over(parcel()), Acknowledged)


def test_retry_after_is_read_in_both_of_its_forms(back):
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=120), usegmt=True)
    back.script = [(503, {"Retry-After": s}) for s in ("77", then, "soon", "-5")]
    waits = [relay(back).hand_over(parcel()).seconds for _ in range(4)]
    assert waits[0] == 77
    assert 100 < waits[1] <= 121
    assert waits[2:] == [None, None]


@pytest.mark.parametrize("trouble", ["cut before", "cut after", "half", "never"])
def test_a_lost_answer_is_harmless(back, trouble, tmp_path):
    engine = open_store(tmp_path / "office.db")
    handing = Handing(engine)
    made = handing.submit("juki")
    courier = OneByOne("juki", relay(back), handing.queue)
    back.script = [trouble]
    assert courier.turn()
    assert handing.states("juki") == ["waiting"]
    handing.now.pass_(60)
    assert courier.turn()
    assert handing.states("juki") == ["forwarded"]
    assert list(back.done) == [f'"{made}"']
    assert len(back.calls) == 2
    engine.dispose()


def test_where_nobody_listens_the_whole_target_waits(back, tmp_path):
    with serving(BackOffice()) as gone:
        pass
    away = RestRelay(Caller(None, (1.0, 1.0)), f"{gone}/in", timeout=1.0)
    answer = away.hand_over(parcel())
    assert isinstance(answer, Later)
    assert answer.everybody
    engine = open_store(tmp_path / "office.db")
    handing = Handing(engine)
    handing.submit("juki")
    with pytest.raises(TargetAway):
        OneByOne("juki", away, handing.queue).turn()
    engine.dispose()


def test_a_token_is_fetched_once_and_again_when_it_was_taken_back(back):
    ours = Credentials(f"{back.url}/token", "kakanai", "secret")
    made = relay(back, ours)
    assert [made.hand_over(parcel()) for _ in range(3)] == [Taken()] * 3
    assert back.fetched == 1
    back.tokens = {"another"}
    assert made.hand_over(parcel()) == Taken()
    assert back.fetched == 2


def test_a_token_that_ran_out_is_renewed_before_it_is_shown(back):
    back.lifetime = 1
    made = relay(back, Credentials(f"{back.url}/token", "kakanai", "secret"))
    made.hand_over(parcel())
    time.sleep(1.2)
    back.calls.clear()
    assert made.hand_over(parcel()) == Taken()
    assert (len(back.calls), back.fetched) == (1, 2)


def test_a_token_server_that_gives_nothing_stops_the_target_and_loses_nothing(back):
    made = relay(back, Credentials(f"{back.url}/in", "kakanai", "secret"))
    answer = made.hand_over(parcel())
    assert isinstance(answer, Later)
    assert answer.everybody


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    (folder / "ext").write_text("subjectAltName=IP:127.0.0.1\n")

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    new = ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl(*new, "-x509", "-subj", "/CN=ca", "-keyout", "ca.key", "-out", "ca.pem")
    for name in ("server", "client"):
        openssl(*new, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2")
        request = ("x509", "-req", "-in", f"{name}.csr", "-extfile", "ext")
        openssl(*request, *signed, "-out", f"{name}.pem")
    return folder


def test_both_sides_show_certificates_where_that_is_asked_for(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "server.pem", authority / "server.key")
    context.load_verify_locations(authority / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    back, trust = BackOffice(), str(authority / "ca.pem")
    pair = (str(authority / "client.pem"), str(authority / "client.key"))
    with serving(back, context) as url:
        back.url = url
        assert relay(back, tls=Tls(trust, pair)).hand_over(parcel()) == Taken()
        for wrong in (Tls(trust), Tls(None, pair)):
            answer = relay(back, tls=wrong).hand_over(parcel())
            assert isinstance(answer, Later)
    assert len(back.done) == 1


HOUSE, CAR = photo(700_001, 1), photo(3, 2)


@pytest.fixture
def handing(tmp_path):
    engine = open_store(tmp_path / "office.db")
    yield Handing(engine)
    engine.dispose()


def along(back, handing, **more):
    more = {"attachments": f"{back.url}/in/attachments/{{sha256}}", **more}
    return OneByOne("juki", relay(back, **more), handing.queue)


def told(back):
    return [headers["Idempotency-Key"].strip('"') for headers, _ in back.calls]


@pytest.mark.parametrize("after", [False, True])
def test_photos_go_before_the_submission_or_after_it_with_their_digest(back, handing, after):
    made = submit_with(handing, "juki", [HOUSE, CAR, CAR])
    along(back, handing, after=after, bearer="secret").turn()
    files = {f"/in/attachments/{sha256(each)}": each for each in (HOUSE, CAR)}
    assert back.files == files
    assert len(back.calls) == 3
    assert told(back).index(made) == (0 if after else 2)
    puts = [(headers, body) for headers, body in back.calls if "Content-Digest" in headers]
    assert len(puts) == 2
    for headers, body in puts:
        assert headers["Idempotency-Key"] == f'"{made}-{sha256(body)}"'
        assert headers["Content-Digest"] == digest(body)
        assert headers["Content-Type"] == "image/jpeg"
        assert headers["Content-Length"] == str(len(body))
        assert headers["Authorization"] == "Bearer secret"
    assert handing.states("juki") == ["forwarded"]


def test_an_address_of_their_own_names_the_submission_too(back, handing):
    made = submit_with(handing, "juki", [CAR])
    along(back, handing, attachments=f"{back.url}/a/{{id}}/{{sha256}}?v=1").turn()
    assert back.files == {f"/a/{made}/{sha256(CAR)}?v=1": CAR}


def test_without_being_asked_only_their_names_go(back, handing):
    submit_with(handing, "juki", [CAR])
    along(back, handing, attachments=None).turn()
    assert len(back.calls) == 1
    assert back.files == {}


def test_a_photo_that_is_refused_keeps_its_submission_here_and_says_which(back, handing):
    made = submit_with(handing, "juki", [CAR])
    back.script = [(413, {"Content-Type": PROBLEM}, b'{"title": "too large"}')]
    along(back, handing).turn()
    assert made not in back.done
    assert handing.history(made) == [
        ("questioned", "juki", f"file {sha256(CAR)[:12]}: HTTP 413: too large")
    ]


@pytest.mark.parametrize("trouble", ["cut before", "cut after", "half", "never", (500,), (409,)])
@pytest.mark.parametrize("call", [0, 1, 2])
def test_whichever_answer_is_lost_all_of_it_is_there_once(back, handing, trouble, call):
    made = submit_with(handing, "juki", [HOUSE, CAR])
    back.script = [(201, {}, b"")] * call + [trouble]
    courier = along(back, handing)
    courier.turn()
    assert handing.states("juki") == ["waiting"]
    handing.now.pass_(60)
    courier.turn()
    assert handing.states("juki") == ["forwarded"]
    assert set(back.files.values()) == {HOUSE, CAR}
    assert list(back.done)[-1] == f'"{made}"'
    assert len(back.done) == 3


@pytest.mark.parametrize("cut_after", [0, 1, 65_536, 262_144, 700_000])
def test_a_line_that_is_cut_within_a_photo_sends_no_submission_without_it(back, handing, cut_after):
    made = submit_with(handing, "juki", [HOUSE])
    back.cut_after = cut_after
    courier = along(back, handing)
    courier.turn()
    assert back.done == {}
    assert handing.states("juki") == ["waiting"]
    handing.now.pass_(60)
    courier.turn()
    assert back.files == {f"/in/attachments/{sha256(HOUSE)}": HOUSE}
    assert f'"{made}"' in back.done


def test_a_token_that_was_taken_back_within_a_photo_sends_it_anew_and_whole(back, handing):
    back.tokens = {"another"}
    submit_with(handing, "juki", [HOUSE])
    along(back, handing, credentials=Credentials(f"{back.url}/token", "kakanai", "s")).turn()
    back.tokens = {"another"}
    handing.now.pass_(60)
    submit_with(handing, "juki", [HOUSE, CAR])
    along(back, handing, credentials=Credentials(f"{back.url}/token", "kakanai", "s")).turn()
    assert set(back.files.values()) == {HOUSE, CAR}
    assert handing.states("juki") == ["forwarded"] * 2


def test_a_photo_goes_in_pieces_and_is_never_in_memory_as_a_whole(back, handing):
    taken = back.take

    def take(handler):
        if handler.command == "POST":
            return taken(handler)
        left = int(handler.headers["Content-Length"])
        while left:
            left -= len(handler.rfile.read(min(left, 65_536)))
        return handler.say(201)

    back.take = take
    submit_with(handing, "juki", [photo(20_000_000, 3)])
    tracemalloc.start()
    along(back, handing).turn()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert handing.states("juki") == ["forwarded"]
    assert most < 5_000_000


def withdrawn_with_the_first(back, handing):
    """The consent ends once a photo is there, before its answer is heard."""
    taken = back.take

    def take(handler):
        say = handler.say

        def said(*words):
            handing.given.clear()
            say(*words)

        handler.say = said
        return taken(handler)

    back.take = take


def test_a_consent_that_is_withdrawn_while_photos_go_keeps_the_submission_here(back, handing):
    handing.given.add((PERSON, "care"))
    withdrawn_with_the_first(back, handing)
    made = submit_with(handing, "juki", [HOUSE, CAR], purpose="care")
    courier = along(back, handing)
    courier.turn()
    assert len(back.files) == 1
    handing.now.pass_(60)
    courier.turn()
    assert f'"{made}"' not in back.done
    assert handing.state(made) == "stopped"


def test_the_last_photo_is_no_leave_for_the_submission_either(back, handing):
    handing.given.add((PERSON, "care"))
    withdrawn_with_the_first(back, handing)
    submit_with(handing, "juki", [CAR], purpose="care")
    along(back, handing).turn()
    assert len(back.calls) == 1
