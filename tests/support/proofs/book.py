# SPDX-License-Identifier: BSD-2-Clause
"""How are the cases of one file collected and written?"""

from .keys import seeded
from .wire import RR, flatten
from .zone import NOW

HOST = "dns.example."
OWNER = "_853._tcp." + HOST
ROOT_ANCHOR = "proofs/root.ds"
HEAD = """# Made by tests/support/make_proofs.py: chains of signed zones, right and wrong
# name qname type now anchors proof reason chain
"""


class Book:
    """Lines of one file.  `type` is what is asked for, 52 or 65347."""

    def __init__(self, type_asked):
        self.type, self.lines, self.names = type_asked, [], set()

    def record(self, owner=OWNER, number=0, ttl=3600, data=None):
        """A TLSA or IPSECA record, 3 1 1."""
        data = seeded(f"data {number}", 32) if data is None else data
        return RR(owner, self.type, b"\3\1\1" + data, ttl)

    def add(self, name, rrs, proof, reason="none", qname=OWNER, now=NOW, anchors=ROOT_ANCHOR):
        assert " " not in name and (name, self.type) not in self.names, name
        self.names.add((name, self.type))
        octets = b"".join(rr.wire() for rr in flatten(rrs))
        self.lines.append(
            f"{name} {qname} {self.type} {now} {anchors} {proof} {reason} {octets.hex()}")

    def secure(self, name, rrs, **how):
        self.add(name, rrs, "secure", **how)

    def bogus(self, name, rrs, reason="signature-invalid", **how):
        self.add(name, rrs, "bogus", reason, **how)

    def insecure(self, name, rrs, reason="delegation-unsigned", **how):
        self.add(name, rrs, "insecure", reason, **how)

    def denied(self, name, rrs, reason="no-name", **how):
        self.add(name, rrs, "denied", reason, **how)
