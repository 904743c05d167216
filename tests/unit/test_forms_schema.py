"""The schemas that editors complete from are those of the definitions.

`python -m tests.unit.test_forms_schema` writes them.
"""

import json
from pathlib import Path

import pytest

from forms.loader import json_schema

FORMS = Path(__file__).parents[2] / "resources" / "forms"


def written(name):
    return json.dumps(json_schema()[name], ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize("name", ["schema.json", "block.schema.json"])
def test_the_schema_beside_the_forms_is_that_of_the_definitions(name):
    assert (FORMS / name).read_text("utf-8") == written(name)


def test_a_schema_allows_only_the_words_there_are():
    for schema in json_schema().values():
        parts = schema["$defs"]
        assert parts["Field"]["additionalProperties"] is False
        assert parts["Condition"]["additionalProperties"] is False
        assert {"is", "is_not", "all", "any", "none"} <= set(parts["Condition"]["properties"])


@pytest.mark.parametrize("place", ["", "blocks"])
def test_every_form_and_block_names_its_schema(place):
    for file in sorted((FORMS / place).glob("*.yaml")):
        first = file.read_text("utf-8").split("\n", 1)[0]
        wanted = "../block.schema.json" if place else "schema.json"
        assert first == f"# yaml-language-server: $schema={wanted}", file.name


if __name__ == "__main__":
    for each in json_schema():
        (FORMS / each).write_text(written(each), "utf-8")
