"""`relays.yaml`: what it may say, and which line is wrong where it says something else."""

from pathlib import Path

import pytest

from forms.loader import load_all
from forms.purposes_loader import load_purposes
from office.config import PURPOSES, SetupFault
from office.relays.config import Directory, read_directory
from office.relays.proving import prove
from tests.fakes.handing import NOW

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "resources" / "relays" / "relays.yaml"
FORMS = load_all(ROOT / "resources" / "forms")
LAYOUT = "columns:\n  - {name: 受付番号, from: receipt}\n"
DROP = "targets:\n  - {name: a, kind: csv-drop, folder: out, layout: l.yaml}\n"
REST = "targets:\n  - {name: a, kind: rest, url: 'https://a.example/in'%s}\n"
SFTP = (
    "targets:\n  - {name: a, kind: sftp, folder: /in, layout: l.yaml, host: h, user: u,\n"
    "     key: k, known_hosts: %s}\n"
)


def written(home, text, layout=LAYOUT):
    (home / "l.yaml").write_text(layout)
    (home / "k").write_text("secret\n")
    (home / "relays.yaml").write_text(text)
    return home / "relays.yaml"


def test_the_example_says_where_things_go():
    directory = read_directory(EXAMPLE)
    assert directory.targets_for("jido-teate", None) == ("jido-teate",)
    assert directory.targets_for("ido", None) == ("juki",)
    assert directory.targets_for("risai", None) == ()
    assert directory.target_of("B01") == "juki"
    assert directory.target_of("K01") is None


def test_a_share_goes_to_those_of_its_purpose_and_to_nobody_else(tmp_path):
    text = DROP + "  - {name: b, kind: csv-drop, folder: out, layout: l.yaml, purposes: [care]}\n"
    directory = read_directory(written(tmp_path, text))
    assert directory.targets_for("risai", None) == ("a",)
    assert directory.targets_for("risai", "care") == ("b",)
    assert directory.targets_for("risai", "other") == ()


def test_without_a_file_nothing_goes_anywhere():
    assert read_directory(None) == Directory()
    assert Directory().targets_for("risai", None) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("targets: []\n", "relays.yaml: line 1: "),
        ("targets:\n  - {name: a, kind: fax}\n", "relays.yaml: line 2: "),
        (DROP.replace("out,", "out, colour: red,"), "relays.yaml: line 2: "),
        (DROP.replace("name: a", "name: Ä"), "relays.yaml: line 2: "),
        (DROP + DROP.partition("\n")[2], "relays.yaml: line 3: 'a' stands here twice"),
        (DROP.replace("l.yaml", "gone.yaml"), "gone.yaml"),
        (REST % "" + "lease: 0\n", "relays.yaml: line 3: "),
        ((REST % "").replace("https", "http"), "line 2: 'http://a.example/in' must begin with"),
        (REST % ", bearer: gone", "line 2: gone: no such file"),
        (REST % ", tls: {certificate: k}", "line 2: `certificate` and `key` go together"),
        (
            REST % ", bearer: k, oauth: {token_url: 'https://t', client_id: c, secret: k}",
            "line 2: either `bearer` or `oauth`",
        ),
        (SFTP.replace(", known_hosts: %s", "").replace("%s", ""), "relays.yaml: line 2: "),
        (SFTP % "gone", "relays.yaml: line 3: gone: no such file"),
        ("targets: &a [*a]\n", "relays.yaml: line 1: aliases"),
        (DROP.replace("layout:", "attachments: all, layout:"), "relays.yaml: line 2: "),
        (REST % ", attachments_url: 'http://a.example/{sha256}'", "must begin with https://"),
        (REST % ", attachments_url: 'https://a.example/x?{sha256}'", "must stand in its path"),
        ((REST % ", attachments: along").replace("/in", "/in?a=1"), "`attachments_url` must be"),
    ],
)
def test_what_is_wrong_is_told_with_its_file_and_line(tmp_path, text, told):
    with pytest.raises(SetupFault) as fault:
        read_directory(written(tmp_path, text))
    assert told in str(fault.value)


@pytest.mark.parametrize(
    ("layout", "told"),
    [
        ("columns: []\n", "l.yaml: line 1: "),
        (LAYOUT + "  - {name: b}\n", "l.yaml: line 3: 'b' takes either"),
        (LAYOUT + "  - {name: b, from: 'B票..'}\n", "l.yaml: line 3: 'B票..' is no path"),
        (LAYOUT + "encoding: sjis\n", "l.yaml: line 3: "),
    ],
)
def test_a_layout_that_is_wrong_is_told_with_its_own_file_and_line(tmp_path, layout, told):
    with pytest.raises(SetupFault) as fault:
        read_directory(written(tmp_path, DROP, layout))
    assert told in str(fault.value)


def found(tmp_path, text, layout):
    directory = read_directory(written(tmp_path, text, layout))
    findings = prove(directory, FORMS, load_purposes(PURPOSES), NOW.date())
    return [(each.form, each.words, each.note) for each in findings if each.target]


def test_the_example_fits_every_form_it_takes():
    findings = prove(read_directory(EXAMPLE), FORMS, load_purposes(PURPOSES), NOW.date())
    assert [each.words for each in findings if not each.note] == []


def test_a_column_that_no_form_has_is_found_before_anybody_applies(tmp_path):
    layout = LAYOUT + "  - {name: 品種, from: B票.breed_of_cat}\n"
    ((form, words, note),) = found(tmp_path, DROP, layout)
    assert (form, note) == ("*", False)
    assert "品種: no form that goes there has B票.breed_of_cat" in words


def test_an_answer_without_a_code_there_is_found_before_anybody_gives_it(tmp_path):
    text = DROP.replace("layout:", "forms: [juminhyo], layout:")
    layout = LAYOUT + "  - {name: 種類, from: B票.kind, values: {household: '1'}}\n"
    ((form, words, _),) = found(tmp_path, text, layout)
    assert (form, words) == ("juminhyo", "種類: `values` does not say what this answer is called")


def test_a_date_that_may_be_partly_unknown_needs_a_column_that_can_say_so(tmp_path):
    text = DROP.replace("layout:", "forms: [juminhyo], layout:")
    layout = LAYOUT + "  - {name: 異動日, from: B票.removed_on, format: %s}\n"
    assert found(tmp_path, text, layout % "yyyymmdd") == [
        ("juminhyo", "異動日: is no whole date", False)
    ]
    assert found(tmp_path, text, layout % "wareki") == []


def test_a_share_can_be_asked_for_nothing_but_what_was_agreed_to(tmp_path):
    text = DROP.replace("layout:", "purposes: [disaster-water], layout:")
    layout = LAYOUT + "  - {name: 電話, from: B票.contact_phone}\n"
    assert [words for _, words, _ in found(tmp_path, text, layout)] == [
        "電話: no form that goes there has B票.contact_phone"
    ]


def test_names_of_forms_and_purposes_that_are_none_are_found(tmp_path):
    text = DROP.replace("layout:", "forms: [gone], purposes: [away], layout:")
    findings = [(form, words) for form, words, _ in found(tmp_path, text, LAYOUT)]
    assert findings == [("gone", "there is no such form"), ("away", "there is no such purpose")]


def test_a_column_for_names_of_photos_is_empty_where_no_photos_go(tmp_path):
    layout = LAYOUT + "  - {name: 写真, from: 'attachments[0]', bytes: 40}\n"
    assert [words for _, words, _ in found(tmp_path, DROP, layout)] == [
        "写真: stays empty without `attachments: along`"
    ]
    going = DROP.replace("layout:", "attachments: along, prefix: p, layout:")
    told = {words for _, words, _ in found(tmp_path, going, layout)}
    assert told == {"写真: longer than 40 bytes"}
    assert found(tmp_path, going, layout.replace("40", "80")) == []
