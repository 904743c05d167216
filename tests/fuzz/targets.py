"""`python -m tests.fuzz.targets NAME …`: atheris looks for inputs that crash or are half taken."""

import json
import sys
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["forms"]):
    from forms.answers import begun, content, take
    from forms.definition import Channel
    from forms.form import Form
    from forms.loader import FormFault, definitions, load
    from forms.outcome import judge, to_json
    from forms.prefill import Prefill as Filled
    from forms.prefill import open_sealed, read_symbol, seal
    from forms.scope import Occasion
    from forms.sealing import Unopenable, join
    from forms.yaml_source import composed as _  # noqa: F401 (read late by those who use it)

from cryptography.hazmat.primitives.asymmetric import ec

from tests.fakes.small_forms import keys

ROOT = Path(__file__).parents[2]
KEY = ec.derive_private_key(2026, ec.SECP256R1())
OCCASION = Occasion(date(2026, 11, 21), Channel.WEB)
FORMS = {
    name: Form(found)
    for name, found in definitions([ROOT / "resources" / "forms"]).items()
    if name in ("juminhyo", "ido", "jido-teate")
}
SAMPLE = (ROOT / "resources/forms/shimin-no-koe.yaml").read_bytes()


def code(data: bytes) -> None:
    """Scanned texts: opened whole, or refused with a reason."""
    texts = data.decode("utf-8", "surrogateescape").split("\n")
    with suppress(Unopenable):
        filled = open_sealed(join([read_symbol(text) for text in texts]), [KEY])
        assert isinstance(filled.answers, dict)


def packed(data: bytes) -> None:
    """What somebody sealed who knows the public key: any JSON, taken whole or named."""
    with suppress(Unopenable, ValueError, RecursionError):
        body = json.loads(data)
        texts = seal(Filled("juminhyo", "2026-11", "", {"x": body}), KEY.public_key(), bytes(12))
        filled = open_sealed(join([read_symbol(text) for text in texts]), [KEY])
        assert filled.answers == {"x": body}


def answers(data: bytes) -> None:
    """Any JSON as answers: every one is taken in its stored form, or named with a reason."""
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(raw, dict):
        return
    for form in FORMS.values():
        given, problems = take(form, raw)
        whole = begun(form, given, OCCASION)
        json.dumps(to_json(judge(form, whole, OCCASION), form, keys))
        content(form, whole, OCCASION)
        assert all(each.reason for each in problems)


def definition(data: bytes) -> None:
    """Any bytes as a city's form: a form, or a fault with its place."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "shimin-no-koe.yaml"
        file.write_bytes(data)
        with suppress(FormFault):
            load(file, (ROOT / "resources" / "forms" / "blocks",))


SEEDS = {
    "code": [
        "\n".join(seal(Filled("juminhyo", "2026-11", "", {"a": 1}), KEY.public_key(), bytes(12)))
    ],
    "packed": ['{"name": "渡邉", "movers": [{"mover_name": "x"}]}', "[[[[1]]]]", '"\\u202e"'],
    "answers": [
        '{"copies": 3, "relation": "self", "birth": "昭和64年1月7日"}',
        '{"movers": [{}, 5]}',
    ],
    "definition": [SAMPLE.decode()],
}
TARGETS = {"code": code, "packed": packed, "answers": answers, "definition": definition}


def main(name: str, *options: str) -> None:
    """Run one target with libFuzzer's own options."""
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(SEEDS[name]):
            (Path(corpus) / str(number)).write_text(seed, "utf-8")
        atheris.Setup([sys.argv[0], *options, corpus], TARGETS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
