"""The page behind a receipt, as phones get it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from forms.envelope import status_token
from office.config import STATUS
from office.history import STATES, move
from office.statuspage import LANGUAGES, STRANGE, WAITING, Shown, StatusPage, language_of
from office.store import open_store
from tests.fakes.stores import Stores
from tests.integration.test_office import ENROLLED, NAME, NOW, Answer, Office, envelope, running

EVERY = (*STATES, WAITING, STRANGE)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("status") / "home"


@pytest.fixture(scope="module")
def office(home: Path, stores: Stores) -> Iterator[Office]:
    with running(home, *stores.arguments(home), *ENROLLED) as started:
        yield started


def asked(office: Office, token: str, **headers: str) -> Answer:
    return office.call("GET", f"/v1/receipts/{token}", "", headers=headers)


def test_a_receipt_of_before_the_line_was_back_says_calmly_that_it_waits(office: Office) -> None:
    page = asked(office, status_token(uuid4()))
    assert page.status == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "まだ市役所に届いていません" in page.text
    assert "お預かりしています" in page.text
    assert 'http-equiv="refresh" content="60"' in page.text


def test_a_code_that_was_misread_is_a_page_for_a_phone_and_a_problem_for_a_program(
    office: Office,
) -> None:
    assert asked(office, "none").headers["content-type"] == "application/problem+json"
    page = asked(office, "none", Accept="text/html,*/*")
    assert (page.status, "もう一度読み取って" in page.text) == (404, True)
    assert "refresh" not in page.text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("received", "届きました"),
        ("forwarded", "渡しました"),
        ("acknowledged", "手続きをしています"),
        ("questioned", "確認したいこと"),
        ("done", "終わりました"),
        ("stopped", "取りやめました"),
    ],
)
def test_every_state_is_said_in_words_to_whoever_holds_the_receipt(
    office: Office, home: Path, stores: Stores, state: str, words: str
) -> None:
    sent = envelope()
    token = office.put(sent).json["receipt_token"]
    assert token == status_token(sent.id)
    engine = open_store(stores.at(home))
    with Session(engine) as session, session.begin():
        move(session, str(sent.id), state, "a system", f"about {NAME}", NOW)
    engine.dispose()
    page = asked(office, token)
    assert page.status == 200
    (head,) = re.findall("<h1>(.*?)</h1>", page.text)
    assert words in head
    assert ("refresh" in page.text) == (state not in ("done", "stopped"))
    for personal in (NAME, "渡邉", str(sent.id), sent.receipt, "juminhyo", "a system"):
        assert personal not in page.text


def test_files_that_are_still_on_their_way_are_told(office: Office) -> None:
    page = StatusPage(STATUS, "書蒼市").draw(Shown("received", NOW, 3), "ja")
    assert "のこり 3 点" in page


def test_the_phone_keeps_nothing_tells_nobody_and_runs_nothing(office: Office) -> None:
    page = asked(office, office.put(envelope()).json["receipt_token"])
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha")
    assert "<script" not in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text


def test_it_speaks_what_was_chosen_else_what_the_phone_speaks(office: Office) -> None:
    token = office.put(envelope()).json["receipt_token"]
    english = asked(office, token, **{"Accept-Language": "pt-BR,pt;q=0.9"})
    assert "It has reached the city hall" in english.text
    easy = asked(office, f"{token}?lang=ja_easy", **{"Accept-Language": "en"})
    assert "<ruby>市役所<rt>しやくしょ</rt></ruby>に とどきました" in easy.text
    assert "届きました" in asked(office, token, **{"Accept-Language": "ja-JP,en"}).text
    assert "届きました" in asked(office, f"{token}?lang=xx").text
    assert [language_of(None, each) for each in (None, "", "*", "ja", "zh-CN")] == [
        *["ja"] * 4,
        "en",
    ]


class Tags(HTMLParser):
    """Every tag that was opened is closed again."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("state", EVERY)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole_in_every_language(state: str, language: str) -> None:
    page = StatusPage(STATUS, "<書蒼市>").draw(Shown(state, NOW, 1), language)
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert "<書蒼市>" not in page
    assert not re.findall(r"[{|}]", page.partition("</style>")[2])
