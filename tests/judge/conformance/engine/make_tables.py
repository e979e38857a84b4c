"""Write the frozen tables: for every form, which words of up to five letters keep it.

    python -m tests.judge.conformance.engine.make_tables            # writes ltlf_tables.json
    python -m tests.judge.conformance.engine.make_tables --flloat   # compares it with flloat (by hand)

One bit per word, in the order of ``ltlf.words``, in base64. `flloat` is an LTLf library that is installed
into an environment of its own for this; neither the program nor the tests need it.
"""

from __future__ import annotations

import argparse
import base64
import json
from pathlib import Path

from tests.judge.conformance.engine.ltlf import BITS, FORMULAS, Formula, holds, words

LONGEST = 5
TABLES = Path(__file__).with_name("ltlf_tables.json")


def packed(answers: list[bool]) -> str:
    number = sum(1 << index for index, answer in enumerate(answers) if answer)
    return base64.b64encode(number.to_bytes((len(answers) + 7) // 8, "little")).decode()


def unpacked(text: str, count: int) -> list[bool]:
    number = int.from_bytes(base64.b64decode(text), "little")
    return [bool(number >> index & 1) for index in range(count)]


def tables() -> dict[str, str]:
    return {
        name: packed([holds(formula, word) for word in words(patterns, LONGEST)])
        for name, (_, _, patterns, formula) in FORMULAS.items()
    }


def in_words(formula: Formula) -> str:
    """Write a formula in flloat's syntax."""
    match formula:
        case ("true",):
            return "true"
        case ("atom", name):
            return str(name)
        case ("until", ("true",), one):
            return f"F({in_words(one)})"
        case ("and" | "or" | "until" as sign, one, other):
            return f"(({in_words(one)}) { {'and': '&', 'or': '|', 'until': 'U'}[sign] } ({in_words(other)}))"
        case (sign, one):
            return f"{ {'not': '!', 'next': 'X', 'weak next': 'WX'}[sign] }({in_words(one)})"
    raise AssertionError(formula)


def compare_with_flloat() -> None:
    from flloat.parser.ltlf import LTLfParser

    frozen = json.loads(TABLES.read_text("utf-8"))
    for name, (_, _, patterns, formula) in FORMULAS.items():
        automaton = LTLfParser()(in_words(formula)).to_automaton()
        every = list(words(patterns, LONGEST))
        atoms = list(BITS.items())[:patterns]
        theirs = [
            automaton.accepts([{atom: bool(letter & bit) for atom, bit in atoms} for letter in word])
            for word in every
        ]
        ours = unpacked(frozen[name], len(every))
        wrong = sum(one != other for one, other in zip(ours, theirs, strict=True))
        print(f"{name}: {len(every)} words, {sum(ours)} keep it, {wrong} differ from flloat")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--flloat", action="store_true")
    if parser.parse_args().flloat:
        compare_with_flloat()
    else:
        TABLES.write_text(json.dumps(tables(), indent=1) + "\n", "utf-8")
