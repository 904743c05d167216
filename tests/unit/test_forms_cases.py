"""Every procedure's worked cases, each of which cites the rule that it shows."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from forms.answers import begun, take
from forms.definition import Channel
from forms.loader import load_all
from forms.outcome import judge, to_json
from forms.scope import Occasion
from tests.fakes.small_forms import keys

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "data" / "forms"
ENOUGH = 15


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


FORMS = load_all(ROOT / "resources" / "forms")
WORKED = [
    pytest.param(form, case, id=f"{form}-{number:02d}")
    for form in sorted(FORMS)
    if (CASES / f"{form}.yaml").exists()
    for number, case in enumerate(yaml.safe_load((CASES / f"{form}.yaml").read_text()), 1)
]


@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_procedure_has_cases_that_cite_their_rules(form):
    cases = yaml.safe_load((CASES / f"{form}.yaml").read_text())
    assert len(cases) >= ENOUGH
    assert all(case["case"] and case["rule"] for case in cases)


@pytest.mark.parametrize(("form_id", "case"), WORKED)
def test_a_case_comes_out_as_its_rule_says(form_id, case):
    form, expect = FORMS[form_id], _plain(case["expect"])
    today = date.fromisoformat(str(case["today"]))
    occasion = Occasion(today, Channel(case["channel"]))

    answers, untaken = take(form, _plain(case["answers"]))
    found = to_json(judge(form, begun(form, answers, occasion), occasion), form, keys)

    problems = {each["field"]: each["reason"] for each in found["problems"]}
    problems |= {each.field: each.reason for each in untaken}
    got = {
        "fee": found["fee"]["total"],
        "problems": problems,
        "blocked": found["blocked"] and found["blocked"]["reason"],
        "notices": [each["rule"] for each in found["notices"]],
        "papers": [each["id"] for each in found["papers"]],
        "followups": [each["form"] for each in found["followups"]],
        "values": {k: found["values"].get(k) for k in expect.get("values", {})},
    }
    for key in expect.keys() & got.keys():
        assert got[key] == expect[key], f"{case['case']}: {key}"
    asked = set(found["visible"]) | {path.rpartition(".")[2] for path in found["visible"]}
    assert not set(expect.get("visible", ())) - asked, case["case"]
    assert not set(expect.get("hidden", ())) & asked, case["case"]
    assert not set(expect.get("required", ())) - set(found["required"]), case["case"]
    strangers = expect.keys() - got.keys() - {"visible", "hidden", "required"}
    assert not strangers, case["case"]
