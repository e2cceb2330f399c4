#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes tests/vectors/proofs: make_proofs.py [FILE...].

Keys are the same in every run; ECDSA signatures are not, so only rewrite what has changed."""

import sys
from pathlib import Path

from proofs import (cases_alias, cases_base, cases_bounds, cases_denial, cases_keys, cases_nsec3,
                    cases_signatures, cases_zone)
from proofs.book import HEAD, Book
from proofs.wire import NS

MODULES = (cases_keys, cases_signatures, cases_denial, cases_nsec3, cases_alias, cases_bounds,
           cases_base, cases_zone)
TARGET = Path(__file__).resolve().parent.parent / "vectors" / "proofs"


def types_of(module, name):
    """What the cases of a file ask for: TLSA and IPSECA, unless it says otherwise."""
    if name in getattr(module, "NS_ALONE", ()):
        return (NS,)
    return (52,) if name in getattr(module, "TLSA_ALONE", ()) else (52, 65347)


def main(wanted):
    TARGET.mkdir(exist_ok=True)
    for name, text in cases_keys.anchor_files().items():
        (TARGET / name).write_text(text)
    for module in MODULES:
        for name, makers in module.FILES.items():
            if wanted and name not in wanted:
                continue
            lines = []
            for asked in types_of(module, name):
                book = Book(asked)
                for make in makers:
                    make(book)
                lines += book.lines
            (TARGET / (name + ".txt")).write_text(HEAD + "".join(line + "\n" for line in lines))
            print(f"{name}: {len(lines)} lines", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
