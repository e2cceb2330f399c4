#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""An IKE responder that shows whatever it is told to, as no honest daemon does.

    rogue.py ADDRESS SHOWS COUNT

It answers IKE_SA_INIT and IKE_AUTH (RFC 7296) of one suite: AES-GCM, SHA-256, X25519.  SHOWS is a
file in JSON, read for each IKE_AUTH:

    id_type, id     of the ID payload; {n} stands for another number each time
    certificates    [encoding, octets in hexadecimal], in their order
    key             a PEM file: AUTH is a signature by this key, of P-256
    method          what the AUTH method is said to be (9: ECDSA with SHA-256)
    hold            a file: a second round of the peer's has no answer before it is there

It never makes a child SA.  COUNT is a file: how many datagrams have come."""

import json
import os
import socket
import struct
import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SA, KE, IDR, CERT, AUTH, NONCE, NOTIFY, SK = 33, 34, 36, 37, 39, 40, 41, 46
SA_INIT, IKE_AUTH = 34, 35
X25519 = 31
IS_RESPONSE = 0x20
TS_UNACCEPTABLE, MULTIPLE_AUTH_SUPPORTED = 38, 16404
HEADER = struct.Struct("!8s8sBBBBII")  # SPIs, next payload, version, exchange, flags, id, length


def prf(key, octets):
    made = hmac.HMAC(key, hashes.SHA256())
    made.update(octets)
    return made.finalize()


def prf_plus(key, seed, length):
    made = last = b""
    while len(made) < length:
        last = prf(key, last + seed + bytes([len(made) // 32 + 1]))
        made += last
    return made[:length]


def notify(kind):
    return NOTIFY, struct.pack("!BBH", 0, 0, kind)


def payloads(first, octets):
    """(type, body) of each."""
    while first:
        following, _, length = struct.unpack_from("!BBH", octets)
        yield first, octets[4:length]
        first, octets = following, octets[length:]


def chain(parts):
    """The type of the first payload, and the octets of all."""
    made = b""
    for (_, body), (following, _) in zip(parts, parts[1:] + [(0, b"")]):
        made += struct.pack("!BBH", following, 0, len(body) + 4) + body
    return parts[0][0], made


class Exchange:
    """One IKE_SA, as its responder has it."""

    def __init__(self, request):
        spi_i = request[:8]
        came = dict(payloads(request[16], request[HEADER.size:]))
        own = X25519PrivateKey.generate()
        self.spis = spi_i + os.urandom(8)
        self.nonce_i, nonce_r = came[NONCE], os.urandom(32)
        secret = own.exchange(X25519PublicKey.from_public_bytes(came[KE][4:]))
        keys = prf_plus(prf(self.nonce_i + nonce_r, secret),
                        self.nonce_i + nonce_r + self.spis, 32 + 20 + 20 + 32 + 32)
        self.out, self.key_r = keys[52:72], keys[104:]
        public = own.public_key().public_bytes(serialization.Encoding.Raw,
                                               serialization.PublicFormat.Raw)
        first, body = chain([(SA, came[SA]), (KE, struct.pack("!HH", X25519, 0) + public),
                             (NONCE, nonce_r), notify(MULTIPLE_AUTH_SUPPORTED)])
        self.answer = self.header(first, SA_INIT, 0, len(body)) + body

    def header(self, first, exchange, message, length):
        return HEADER.pack(self.spis[:8], self.spis[8:], first, 0x20, exchange, IS_RESPONSE,
                           message, HEADER.size + length)

    def auth(self, shows, identity):
        """AUTH (RFC 7296 section 2.15, RFC 4754)."""
        signed = self.answer + self.nonce_i + prf(self.key_r, identity)
        key = serialization.load_pem_private_key(Path(shows["key"]).read_bytes(), None)
        numbers = decode_dss_signature(key.sign(signed, ec.ECDSA(hashes.SHA256())))
        return struct.pack("!BBH", shows["method"], 0, 0) + b"".join(
            n.to_bytes(32, "big") for n in numbers)

    def encrypted(self, message, first, plain):
        """One SK payload (RFC 5282)."""
        iv = os.urandom(8)
        length = 8 + len(plain) + 1 + 16
        head = self.header(SK, IKE_AUTH, message, 4 + length) + struct.pack(
            "!BBH", first, 0, 4 + length)
        return head + iv + AESGCM(self.out[:16]).encrypt(self.out[16:] + iv, plain + b"\0", head)

    def authenticate(self, message, shows, number):
        if message > 1:
            while not Path(shows["hold"]).exists():
                time.sleep(0.01)
            return self.encrypted(message, *chain([notify(TS_UNACCEPTABLE)]))
        name = shows["id"].replace("{n}", str(number))
        identity = bytes([shows["id_type"], 0, 0, 0]) + name.encode("latin-1")
        parts = [(IDR, identity)]
        parts += [(CERT, bytes([encoding]) + bytes.fromhex(octets))
                  for encoding, octets in shows["certificates"]]
        parts += [(AUTH, self.auth(shows, identity)), notify(TS_UNACCEPTABLE)]
        return self.encrypted(message, *chain(parts))


def serve(address, shows, count):
    """One initiator at a time."""
    exchanges = {}
    came = 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind((address, 500))
        print("ready", flush=True)
        while True:
            request, peer = s.recvfrom(65535)
            came += 1
            Path(count).write_text(str(came))
            spi, exchange = request[:8], request[18]
            message = struct.unpack_from("!I", request, 20)[0]
            if exchange == SA_INIT:
                if spi not in exchanges:
                    exchanges = {spi: Exchange(request)}
                s.sendto(exchanges[spi].answer, peer)
            elif exchange == IKE_AUTH and spi in exchanges:
                told = json.loads(Path(shows).read_text())
                s.sendto(exchanges[spi].authenticate(message, told, came), peer)


if __name__ == "__main__":
    serve(*sys.argv[1:])
