# SPDX-License-Identifier: BSD-2-Clause
"""With which keys do zones sign?  DNSSEC keys of every algorithm, the same ones in every run as
far as they can be."""

import hashlib
import random
import struct

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
DIGESTS = {1: hashlib.sha1, 2: hashlib.sha256, 4: hashlib.sha384}
PREFIXES = {8: "3031300d060960864801650304020105000420", 10: "3051300d060960864801650304020305000440"}


def seeded(seed, length):
    out = b""
    while len(out) < length:
        out += hashlib.sha256(f"{seed} {len(out)}".encode()).digest()
    return out[:length]


def tag_of(rdata):
    total = sum(octet if i & 1 else octet << 8 for i, octet in enumerate(rdata))
    return (total + (total >> 16 & 0xFFFF)) & 0xFFFF


class Key:
    """A key pair.  `public` is the DNSKEY's key field; `rdata` can be told lies about it."""

    def __init__(self, seed, algorithm=15, flags=257, protocol=3, bits=2048):
        self.algorithm, self.flags, self.protocol = algorithm, flags, protocol
        self.private, self.public = MAKERS.get(algorithm, made_up)(seed, bits)

    @property
    def rdata(self):
        return struct.pack("!HBB", self.flags, self.protocol, self.algorithm) + self.public

    @property
    def tag(self):
        return tag_of(self.rdata)

    def sign(self, octets):
        return SIGNERS.get(self.algorithm, sign_made_up)(self.private, octets)


def ed25519_key(seed, _):
    private = ed25519.Ed25519PrivateKey.from_private_bytes(seeded(seed, 32))
    return private, private.public_key().public_bytes(*RAW)


def ed448_key(seed, _):
    private = ed448.Ed448PrivateKey.from_private_bytes(seeded(seed, 57))
    return private, private.public_key().public_bytes(*RAW)


def ec_key(curve, size):
    def make(seed, _):
        private = ec.derive_private_key(int.from_bytes(seeded(seed, size - 1), "big"), curve)
        point = private.public_key().public_numbers()
        return private, point.x.to_bytes(size, "big") + point.y.to_bytes(size, "big")
    return make


class RawRsa:
    """RSA with any exponent."""

    def __init__(self, n, d, algorithm):
        self.n, self.d, self.algorithm = n, d, algorithm

    def sign(self, octets):
        size = (self.n.bit_length() + 7) // 8
        digest = (hashlib.sha256 if self.algorithm == 8 else hashlib.sha512)(octets).digest()
        tail = b"\0" + bytes.fromhex(PREFIXES[self.algorithm]) + digest
        block = b"\0\1" + b"\xff" * (size - 2 - len(tail)) + tail
        return pow(int.from_bytes(block, "big"), self.d, self.n).to_bytes(size, "big")


def is_prime(n, rng):
    if any(n % p == 0 for p in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)):
        return False
    d, s = n - 1, 0
    while d % 2 == 0:
        d, s = d // 2, s + 1
    for _ in range(12):
        x = pow(rng.randrange(2, n - 1), d, n)
        if x in (1, n - 1):
            continue
        if not any((x := x * x % n) == n - 1 for _ in range(s - 1)):
            return False
    return True


def prime(bits, exponent, rng):
    while True:
        n = rng.getrandbits(bits) | 3 << bits - 2 | 1
        if n % exponent != 1 and is_prime(n, rng):
            return n


def rsa_with(seed, algorithm, bits, exponent, form=1):
    """An RSA key with this exponent; `form` 3: its length in three octets (RFC 3110 section 2)."""
    rng = random.Random(seed)
    while True:
        p, q = prime(bits // 2, exponent, rng), prime(bits - bits // 2, exponent, rng)
        try:
            d = pow(exponent, -1, (p - 1) * (q - 1))
            break
        except ValueError:
            continue
    key = Key.__new__(Key)
    key.algorithm, key.flags, key.protocol = algorithm, 257, 3
    key.private = RawRsa(p * q, d, algorithm)
    octets = exponent.to_bytes((exponent.bit_length() + 7) // 8, "big")
    length = bytes([len(octets)]) if form == 1 else struct.pack("!BH", 0, len(octets))
    key.public = length + octets + (p * q).to_bytes((bits + 7) // 8, "big")
    return key


def rsa_key(algorithm):
    def make(seed, bits):
        key = rsa_with(seed, algorithm, bits, 65537)
        return key.private, key.public
    return make


def made_up(seed, _):
    return None, seeded(seed, 64)


def sign_made_up(_, octets):
    return hashlib.sha512(octets).digest()


def ec_sign(digest, size):
    def sign(private, octets):
        r, s = decode_dss_signature(private.sign(octets, ec.ECDSA(digest)))
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")
    return sign


def plain_sign(private, octets):
    return private.sign(octets)


MAKERS = {8: rsa_key(8), 10: rsa_key(10), 13: ec_key(ec.SECP256R1(), 32),
          14: ec_key(ec.SECP384R1(), 48), 15: ed25519_key, 16: ed448_key}
SIGNERS = {8: plain_sign, 10: plain_sign, 13: ec_sign(hashes.SHA256(), 32),
           14: ec_sign(hashes.SHA384(), 48), 15: plain_sign, 16: plain_sign}


class Decoy:
    """No key at all, but with the tag of another one."""

    def __init__(self, seed, like):
        head = struct.pack("!HBB", like.flags, 3, like.algorithm)
        middle = seeded(seed, len(like.public) - 2)
        for tail in range(65536):
            rdata = head + middle + struct.pack("!H", tail)
            if tag_of(rdata) == like.tag:
                self.rdata, self.tag = rdata, like.tag
                self.algorithm, self.flags = like.algorithm, like.flags
                return
        raise ValueError("no such tag")
