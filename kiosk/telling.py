"""What a command tells: lines for a person or one JSON value, and a refusal in the same way."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence

FINE, NO = 0, 1


def tell(value: object, lines: Iterable[str], *, as_json: bool) -> int:
    """The value where a program reads, the lines where a person does."""
    print(json.dumps(value, ensure_ascii=False, indent=1) if as_json else "\n".join(lines))
    return FINE


def refuse(
    code: str, message: str, problems: Sequence[Mapping[str, str]] = (), *, as_json: bool
) -> int:
    """Why the answer is no, with every problem in its own sentence."""
    if as_json:
        error = {"code": code, "message": message, "problems": list(problems)}
        print(json.dumps({"error": error}, ensure_ascii=False))
    else:
        lines = [f"kakanai: {message}", *(f"  {each['message']}" for each in problems)]
        print("\n".join(lines), file=sys.stderr)
    return NO
