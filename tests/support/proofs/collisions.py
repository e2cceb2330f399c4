# SPDX-License-Identifier: BSD-2-Clause
"""Which names have one hash?  (FNV-1a, as dp_evidence_hash): found in pairs, one block of octets
after the other, so that n pairs make 2 to the power of n names."""

from itertools import count, product

BLOCK = 6
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def hashed(octets, state=2166136261):
    for octet in octets:
        state = (state ^ octet) * 16777619 % 2 ** 32
    return state


def spelt(number):
    return "".join(LETTERS[number >> 5 * i & 31] for i in range(BLOCK))


def pair(state):
    """Two blocks after which the hash is the same, and that hash."""
    seen = {}
    for number in count():
        block = spelt(number * 2654435761 % 2 ** 30)
        after = hashed(block.encode(), state)
        if after in seen:
            return (seen[after], block), after
        seen[after] = block


def labels(before, pairs, shared=0):
    """Labels of one length, and with so many octets at their beginning the same, that have one hash
    after the octets of the name before them."""
    head = "c" * shared
    state = hashed(before + bytes([shared + pairs * BLOCK]) + head.encode())
    blocks = []
    for _ in range(pairs):
        found, state = pair(state)
        blocks.append(found)
    return [head + "".join(chosen) for chosen in product(*blocks)]
