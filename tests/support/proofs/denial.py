# SPDX-License-Identifier: BSD-2-Clause
"""How does a zone deny?  By NSEC and NSEC3 chains, and single links that no zone would have."""

import hashlib
import struct

from .wire import (NSEC, NSEC3, RR, RRSIG, base32hex, below, bitmap, lower, name, order)

def nsec(owner, following, *types, ttl=3600):
    return RR(owner, NSEC, name(following) + bitmap(*types, RRSIG, NSEC), ttl)

class NsecChain:
    """`names`: of the zone, each with its types."""

    def __init__(self, zone, names, ttl=3600):
        self.zone, self.names, self.ttl = zone, names, ttl
        self.sorted = sorted(names, key=order)

    def link(self, owner, **how):
        at = self.sorted.index(owner)
        following = self.sorted[(at + 1) % len(self.sorted)]
        return self.zone.sign(nsec(owner, following, *self.names[owner], ttl=self.ttl), **how)

    def match(self, owner, **how):
        return self.link(owner, **how)

    def cover(self, wanted, **how):
        before = [n for n in self.sorted if order(n) < order(wanted)]
        assert wanted not in self.names
        return self.link(before[-1], **how)

def hashed(text, salt=b"", iterations=0):
    digest = hashlib.sha1(lower(name(text)) + salt).digest()
    for _ in range(iterations):
        digest = hashlib.sha1(digest + salt).digest()
    return digest

def step(digest, by):
    return ((int.from_bytes(digest, "big") + by) % 2 ** 160).to_bytes(20, "big")

def nsec3(apex, owner_hash, next_hash, *types, salt=b"", iterations=0, flags=0, algorithm=1,
          ttl=3600, owner=None, types_octets=None):
    suffix = "" if apex == "." else apex
    rdata = struct.pack("!BBHB", algorithm, flags, iterations, len(salt)) + salt + bytes(
        [len(next_hash)]) + next_hash + (bitmap(*types) if types_octets is None else types_octets)
    return RR(owner or base32hex(owner_hash) + "." + suffix, NSEC3, rdata, ttl)

class Nsec3Chain:
    """`names`: of the zone, each with its types; empty non-terminals are added."""

    def __init__(self, zone, names, salt=b"", iterations=0, flags=0, ttl=3600, algorithm=1):
        self.zone, self.ttl, self.algorithm = zone, ttl, algorithm
        self.salt, self.iterations, self.flags = salt, iterations, flags
        self.names = dict(names)
        for text in names:
            while text != zone.apex and below(text, zone.apex):
                self.names.setdefault(text, ())
                text = text.split(".", 1)[1] or "."
        self.hashes = {self.hash(n): n for n in self.names}
        self.sorted = sorted(self.hashes)

    def hash(self, text):
        return hashed(text, self.salt, self.iterations)

    def record(self, digest, **how):
        at = self.sorted.index(digest)
        fields = {"salt": self.salt, "iterations": self.iterations, "flags": self.flags,
                  "ttl": self.ttl, "algorithm": self.algorithm}
        fields.update(how)
        types = self.names[self.hashes[digest]]
        return nsec3(self.zone.apex, digest, self.sorted[(at + 1) % len(self.sorted)],
                     *types, **fields)

    def link(self, digest, sign=None, **how):
        return self.zone.sign(self.record(digest, **how), **(sign or {}))

    def match(self, text, **how):
        return self.link(self.hash(text), **how)

    def cover(self, text, **how):
        wanted = self.hash(text)
        assert wanted not in self.hashes
        before = [h for h in self.sorted if h < wanted]
        return self.link(before[-1] if before else self.sorted[-1], **how)

    def encloser(self, text):
        """The closest name that exists, and the one below it on the way to `text`."""
        closer = text
        while True:
            text = text.split(".", 1)[1] or "."
            if text in self.names:
                return text, closer
            closer = text

    def absent(self, text, wildcard=True, **how):
        """NXDOMAIN: closest encloser, next closer name, wildcard."""
        found, closer = self.encloser(text)
        out = self.match(found, **how) + self.cover(closer, **how)
        star = "*." + ("" if found == "." else found)
        if wildcard:
            out += self.match(star, **how) if star in self.names else self.cover(star, **how)
        return dedupe(out)

class WhiteLies:
    """Links made to measure: each matches, or covers, one name and nothing else."""

    def __init__(self, zone, salt=b"", iterations=0):
        self.zone, self.how = zone, {"salt": salt, "iterations": iterations}

    def match(self, text, *types, **how):
        digest = hashed(text, **self.how)
        return self._signed(digest, step(digest, 1), *types, **how)

    def cover(self, text, **how):
        digest = hashed(text, **self.how)
        return self._signed(step(digest, -1), step(digest, 1), **how)

    def _signed(self, low, high, *types, **how):
        return self.zone.sign(nsec3(self.zone.apex, low, high, *types, **self.how, **how))


def dedupe(rrs):
    return list(dict.fromkeys(rrs))
