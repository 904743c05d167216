"""`kakanai bench [NAME] [--json FILE]`."""

import argparse
import json
import sys
from pathlib import Path

from tests.bench.card import card
from tests.bench.forms import forms
from tests.bench.measure import memory, pages, start
from tests.bench.paper import paper
from tests.bench.sync import sync

BENCHES = {
    "start": start,
    "pages": pages,
    "memory": memory,
    "card": card,
    "forms": forms,
    "paper": paper,
    "sync": sync,
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="kakanai bench")
    parser.add_argument("name", nargs="?", choices=sorted(BENCHES))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    names = [options.name] if options.name else list(BENCHES)
    told, holds = [], True
    for name in names:
        rows = BENCHES[name]()
        told.append({"name": name, "rows": [row.json() for row in rows]})
        for row in rows:
            mark = "holds" if row.holds else "does not hold"
            peers = "".join(f", {name} {value:.1f}" for name, value in row.peer.items())
            print(
                f"{name}: {row.what}: ours {row.ours:.1f} {row.unit}, floor {row.floor:.1f}{peers},"
                f" ratio {row.ratio:.2f} (goal {row.goal}, against {row.against}): {mark}",
                flush=True,
            )
        holds = holds and all(row.holds for row in rows)
    if options.json:
        text = json.dumps(told[0] if options.name else told, ensure_ascii=False, indent=1)
        options.json.write_text(text + "\n", "utf-8")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
