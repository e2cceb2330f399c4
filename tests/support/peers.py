# SPDX-License-Identifier: BSD-2-Clause
"""Which name servers has the test world: what does each one serve, and what did its owner
publish?"""

from dataclasses import dataclass

ZONE = "example.test"
NORMAL = "NORMAL"
RAW = "NORMAL:-CTYPE-SRV-ALL:+CTYPE-SRV-RAWPK"
RAW_OR_X509 = "NORMAL:-CTYPE-SRV-ALL:+CTYPE-SRV-RAWPK:+CTYPE-SRV-X509"


@dataclass(frozen=True)
class Peer:
    """One server name.  `tlsa` are RDATA texts; `serve` says what listens:
    nsd (its own DNS over TLS), front (dot_front), silent (takes connections, says nothing),
    closed (nothing)."""
    label: str
    about: str
    tlsa: tuple = ()
    serve: str = "nsd"
    credential: str = "honest"
    priority: str = NORMAL
    zone: str = ZONE

    @property
    def name(self):
        return f"{self.label}.{self.zone}"

    @property
    def endpoint(self):
        """Peers with the same endpoint share one listener."""
        return (self.serve, self.credential, self.priority)


def _wrong(record):
    """The same record with other association data."""
    usage, selector, matching, data = record.split()
    return f"{usage} {selector} {matching} {'ee' * (len(data) // 2)}"


def numbered_peers(c):
    """ns1 to ns10: the cases that everybody should know."""
    honest = c["honest"].tlsa(3, 1, 1)
    unusable = ("3 1 9 aabb", "3 7 1 " + "ab" * 32, "3 1 1 aabbcc", "77 1 1 " + "ab" * 32)
    return [
        Peer("ns1", "honest, X.509, its key is published", (honest,)),
        Peer("ns2", "honest, raw public key, published", (c["raw"].tlsa(3, 1, 1),),
             "front", "raw", RAW),
        Peer("ns3", "impostor: another key than the published one", (honest,), "nsd", "impostor"),
        Peer("ns4", "honest, but the owner published nothing (secure denial)"),
        Peer("ns5", "record in an unsigned zone", (honest,), zone="insecure.test"),
        Peer("ns6", "record in a zone whose signature is wrong", (honest,), zone="bogus.test"),
        Peer("ns7", "expired certificate, right key",
             (c["expired"].tlsa(3, 1, 1),), "nsd", "expired"),
        Peer("ns8", "only records that nobody can use", unusable),
        Peer("ns9", "impostor that appends the true server's certificate",
             (honest, c["honest"].tlsa(3, 0, 1)), "nsd", "appended"),
        Peer("ns10", "takes connections and says nothing", (honest,), "silent"),
    ]


def other_peers(c):
    """Every further way to publish or to serve a key."""
    honest = c["honest"]
    good, strong = honest.tlsa(3, 1, 1), honest.tlsa(3, 1, 2)
    anchor = c["anchored"].tlsa(2, 0, 1, depth=1)
    return [
        Peer("closed", "nobody listens", (good,), "closed"),
        Peer("tls12", "speaks TLS 1.2 only", (good,), "front", priority="NORMAL:-VERS-TLS1.3"),
        Peer("tls13", "speaks TLS 1.3 only", (good,), "front",
             priority="NORMAL:-VERS-ALL:+VERS-TLS1.3"),
        Peer("front", "honest, with session tickets", (good,), "front"),
        Peer("cert", "3 0 1: digest of the whole certificate", (honest.tlsa(3, 0, 1),)),
        Peer("fullcert", "3 0 0: the whole certificate", (honest.tlsa(3, 0, 0),)),
        Peer("sha512", "3 1 2: SHA-512 of the key", (strong,)),
        Peer("fullkey", "3 1 0: the whole key", (honest.tlsa(3, 1, 0),)),
        Peer("rollover", "the old key and the next one", (good, c["next"].tlsa(3, 1, 1))),
        Peer("early", "only the next key is published", (c["next"].tlsa(3, 1, 1),)),
        Peer("agility", "3 1 1 fits, the stronger 3 1 2 does not", (good, _wrong(strong))),
        Peer("mixed", "an unusable record beside one that fits", ("3 1 9 aabb", good)),
        Peer("both", "offers the raw key and the certificate", (good,), "front",
             priority=RAW_OR_X509),
        Peer("rawliar", "raw public key, another one is published", (good,), "front", "impostor",
             RAW),
        Peer("rawcert", "raw public key, only a certificate's digest is published",
             (c["raw"].tlsa(3, 0, 1),), "front", "raw", RAW),
        Peer("anchor", "2 0 1: its authority's certificate", (anchor,), "front", "anchored"),
        Peer("anchorkey", "2 1 1: its authority's key",
             (c["anchored"].tlsa(2, 1, 1, depth=1),), "front", "anchored"),
        Peer("anchorname", "2 0 1, but the certificate names another server", (anchor,),
             "front", "misnamed"),
        Peer("anchorold", "2 0 1, but the certificate has expired", (anchor,),
             "front", "outdated"),
        Peer("numbers", "the key's digest is published as 3 0 1",
             (good.replace("3 1 1", "3 0 1"),)),
        Peer("pkix", "1 1 1: needs a path to a public authority", (honest.tlsa(1, 1, 1),)),
        Peer("rsa", "RSA key", (c["rsa"].tlsa(3, 1, 1),), "front", "rsa"),
        Peer("ed25519", "Ed25519 key", (c["ed25519"].tlsa(3, 1, 1),), "front", "ed25519"),
    ]


def all_peers(credentials):
    return numbered_peers(credentials) + other_peers(credentials)
