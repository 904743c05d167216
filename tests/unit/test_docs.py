"""The documents say what the code does."""

import re
from dataclasses import fields
from pathlib import Path

from kiosk.cli import _parser
from kiosk.config import Settings

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_every_setting_is_documented_with_its_default_and_nothing_else():
    rows = re.findall(
        r"^\| `(\w+)` \| (.*?) \|", (ROOT / "docs/settings.md").read_text("utf-8"), re.MULTILINE
    )
    told = {name: default.strip("`").replace("(empty)", "") for name, default in rows}
    assert told == {field.name: field.default for field in fields(Settings)}


def test_every_command_stands_in_the_readme():
    commands = next(a for a in _parser()._actions if a.dest != "help" and a.choices)
    words = (ROOT / "README.md").read_text("utf-8")
    for command in commands.choices:
        assert f"`./kakanai {command}" in words, command


def test_every_link_to_a_file_resolves():
    for page in PAGES:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), (page.name, link)


def test_every_decision_says_context_decision_consequences_and_alternatives():
    decisions = sorted((ROOT / "docs/adr").glob("*.md"))
    assert decisions
    for decision in decisions:
        headings = re.findall(r"^## (.*)$", decision.read_text("utf-8"), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences", "Alternatives"], decision.name


def test_the_changelog_tells_this_version():
    version = re.search(
        r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE
    )
    assert version
    assert f"## {version[1]}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
