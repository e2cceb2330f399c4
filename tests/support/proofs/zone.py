# SPDX-License-Identifier: BSD-2-Clause
"""How does a zone sign what it is told to, with every field as wrong as wanted?"""

import struct

from .keys import DIGESTS, Key, seeded
from .wire import DNSKEY, DS, RR, RRSIG, canonical, count, flatten, lower, name

NOW = 1700000000
BEGIN, END = NOW - 86400, NOW + 864000


def rrsig(rrs, key, signer, *, begin=BEGIN, end=END, labels=None, original_ttl=None, tag=None,
          algorithm=None, covered=None, signed_owner=None, signed_rdatas=None, ttl=None, cut=None,
          told=None):
    """The RRSIG over an RRset.  `signed_*`: what the key signs instead of what is there; `told`:
    fields of the RRSIG that are changed after signing; `cut`: octets of the signature to keep."""
    first = rrs[0]
    labels = count(first.owner) if labels is None else labels
    original_ttl = first.ttl if original_ttl is None else original_ttl
    fields = {"covered": first.type if covered is None else covered,
              "algorithm": key.algorithm if algorithm is None else algorithm, "labels": labels,
              "original_ttl": original_ttl, "end": end % 2 ** 32, "begin": begin % 2 ** 32,
              "tag": key.tag if tag is None else tag}
    owner = signed_owner
    if owner is None:
        owner = first.owner
        if labels < count(owner):
            owner = "*." + ".".join(owner.split(".")[-labels - 1:])
    rdatas = signed_rdatas or sorted({canonical(rr.type, rr.rdata) for rr in rrs})
    octets = head(fields) + lower(name(signer)) + b"".join(
        lower(name(owner)) + struct.pack("!HHIH", first.type, 1, original_ttl, len(r)) + r
        for r in rdatas)
    signature = key.sign(octets)[:cut]
    fields.update(told or {})
    return RR(first.owner, RRSIG, head(fields) + name(signer) + signature,
              first.ttl if ttl is None else ttl)


def head(fields):
    return struct.pack("!HBBIIIH", fields["covered"], fields["algorithm"], fields["labels"],
                       fields["original_ttl"], fields["end"], fields["begin"], fields["tag"])


def ds_rdata(zone, key, digest=2, tag=None, algorithm=None, octets=None):
    made = octets
    if made is None:
        maker = DIGESTS.get(digest)
        made = maker(lower(name(zone)) + key.rdata).digest() if maker else seeded(digest, 32)
    return struct.pack("!HBB", key.tag if tag is None else tag,
                       key.algorithm if algorithm is None else algorithm, digest) + made


class Zone:
    """One zone with a key (or a KSK and a ZSK) of its own."""

    def __init__(self, apex, algorithm=15, zsk=False, key=None, bits=1024):
        self.apex = apex
        self.ksk = key or Key("ksk " + apex, algorithm, bits=bits)
        self.zsk = Key("zsk " + apex, algorithm, 256, bits=bits) if zsk else self.ksk

    def sign(self, *rrs, **how):
        """The RRset and its RRSIG."""
        rrs = flatten(*rrs)
        return rrs + [self.signature(rrs, **how)]

    def signature(self, *rrs, key=None, signer=None, **how):
        return rrsig(flatten(*rrs), key or self.zsk, signer or self.apex, **how)

    def key_set(self, *more, ttl=3600):
        keys = {self.ksk.rdata: 0, self.zsk.rdata: 0}
        keys.update({key.rdata: 0 for key in more})
        return [RR(self.apex, DNSKEY, rdata, ttl) for rdata in keys]

    def keys(self, *more, ttl=3600, **how):
        """The DNSKEY RRset, signed by the KSK."""
        how.setdefault("key", self.ksk)
        return self.sign(self.key_set(*more, ttl=ttl), **how)

    def ds(self, digest=2, ttl=3600, **how):
        return RR(self.apex, DS, ds_rdata(self.apex, self.ksk, digest, **how), ttl)

    def anchor(self):
        """A line for an anchor file."""
        octets = ds_rdata(self.apex, self.ksk)
        return f"{self.apex} IN DS {self.ksk.tag} {self.ksk.algorithm} 2 {octets[4:].hex()}\n"


ROOT = Zone(".")
EXAMPLE = Zone("example.")


def top():
    """The root's keys and the way to example."""
    return flatten(ROOT.keys(), ROOT.sign(EXAMPLE.ds()), EXAMPLE.keys())


def down(parent, child):
    """The way from one zone to the next."""
    return flatten(parent.sign(child.ds()), child.keys())
