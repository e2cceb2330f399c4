# SPDX-License-Identifier: BSD-2-Clause
"""Certificates put together octet by octet, since most of those that the rows of make_issued.py need
are such as no library would make."""

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa

ECDSA = "2a8648ce3d040302"
ECDSA_SHA1 = "2a8648ce3d0401"
RSA = "2a864886f70d01010b"
ED25519 = "2b6570"


def tlv(tag, *parts):
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def oid(text):
    return tlv(6, bytes.fromhex(text))


def dn(text):
    """One common name; nothing at all for an empty text."""
    if not text:
        return tlv(0x30)
    return tlv(0x30, tlv(0x31, tlv(0x30, oid("550403"), tlv(0x0C, text.encode()))))


def time(text):
    return tlv(0x17 if len(text) == 13 else 0x18, text.encode())


def extension(number, value, critical=False):
    return tlv(0x30, oid(number), tlv(1, b"\xff") if critical else b"", tlv(4, value))


def p256():
    return ec.generate_private_key(ec.SECP256R1())


def spki_of(key):
    return key.public_key().public_bytes(serialization.Encoding.DER,
                                         serialization.PublicFormat.SubjectPublicKeyInfo)


def identifier(name):
    """The AlgorithmIdentifier of a way to sign."""
    oids = {"ecdsa": ECDSA, "ecdsa-384": "2a8648ce3d040303", "ecdsa-512": "2a8648ce3d040304",
            "ecdsa-sha1": ECDSA_SHA1, "rsa-384": "2a864886f70d01010c",
            "rsa-512": "2a864886f70d01010d", "rsa-sha1": "2a864886f70d010105",
            "rsa-md5": "2a864886f70d010104", "ed25519": ED25519, "ed448": "2b6571"}
    if name.startswith("pss"):
        return PSS[name]
    if name in ("rsa", "rsa-no-null"):
        return tlv(0x30, oid(RSA), tlv(5) if name == "rsa" else b"")
    return tlv(0x30, oid(oids[name]), tlv(5) if name.startswith("rsa") else b"")


HASHES = {256: ("608648016503040201", hashes.SHA256), 384: ("608648016503040202", hashes.SHA384),
          512: ("608648016503040203", hashes.SHA512)}


def pss_parameters(bits, mask_bits=None, salt=None, trailer=None):
    """RSASSA-PSS-params (RFC 4055 section 3.1)."""
    def algorithm(number):
        return tlv(0x30, oid(HASHES[number][0]), tlv(5))
    salt = bits // 8 if salt is None else salt
    return tlv(0x30, tlv(0xA0, algorithm(bits)),
               tlv(0xA1, tlv(0x30, oid("2a864886f70d010108"), algorithm(mask_bits or bits))),
               tlv(0xA2, tlv(2, bytes([salt]))),
               tlv(0xA3, tlv(2, bytes([trailer]))) if trailer else b"")


def pss_algorithm(*parts):
    return tlv(0x30, oid("2a864886f70d01010a"), *parts)


PSS = {f"pss-{bits}": pss_algorithm(pss_parameters(bits)) for bits in HASHES}
PSS |= {
    "pss-256-salt-20": pss_algorithm(pss_parameters(256, salt=20)),
    "pss-256-mask-512": pss_algorithm(pss_parameters(256, 512)),
    "pss-256-trailer-2": pss_algorithm(pss_parameters(256, trailer=2)),
    "pss-none": pss_algorithm(),
    "pss-sha1": pss_algorithm(tlv(0x30)),
}


def hash_of(name):
    return next((HASHES[bits][1]() for bits in (384, 512) if str(bits) in name.split("-")[1:2]),
                hashes.MD5() if "md5" in name else hashes.SHA1() if "sha1" in name
                else hashes.SHA256())


def signed(key, tbs, name):
    if name.startswith("ed"):
        return key.sign(tbs)
    if name.startswith("ecdsa"):
        return key.sign(tbs, ec.ECDSA(hash_of(name)))
    if name.startswith("pss"):
        used = hash_of(name)
        salt = 20 if "salt" in name or name in ("pss-none", "pss-sha1") else used.digest_size
        mask = hashes.SHA512() if "mask" in name else used
        return key.sign(tbs, padding.PSS(padding.MGF1(mask), salt), used)
    return key.sign(tbs, padding.PKCS1v15(), hash_of(name))


def algorithm_of(key):
    if isinstance(key, rsa.RSAPrivateKey):
        return "rsa"
    if isinstance(key, ed448.Ed448PrivateKey):
        return "ed448"
    return "ed25519" if isinstance(key, ed25519.Ed25519PrivateKey) else "ecdsa"


def dns(*names):
    """subjectAltName of dNSNames."""
    return tlv(0x30, *(tlv(0x82, n if isinstance(n, bytes) else n.encode()) for n in names))


def basic(authority=True, path=None):
    return tlv(0x30, tlv(1, b"\xff") if authority else b"",
               tlv(2, bytes([path])) if path is not None else b"")


def constraints(permitted=(), excluded=()):
    def trees(tag, names):
        return tlv(tag, *(tlv(0x30, tlv(0x82, n.encode())) for n in names)) if names else b""
    return tlv(0x30, trees(0xA0, permitted), trees(0xA1, excluded))


def directory_names(tag, name):
    """nameConstraints of a directoryName with this common name alone."""
    return extension("551d1e", tlv(0x30, tlv(tag, tlv(0x30, tlv(0xA4, dn(name))))), True)


SERIAL = [0]


def certificate(subject, key, issuer, issuer_key, extensions=(), version=3, first="200101000000Z",
                last="490101000000Z", spki=None, algorithm=None, broken=False, inner=None,
                change=lambda signature: signature, serial=None, before=b"", behind=b""):
    """`inner`: the algorithm that is signed, if it is another; `change`: what becomes of the
    signature; `before` and `behind`: what stands around the extensions."""
    SERIAL[0] += 1
    algorithm = algorithm or algorithm_of(issuer_key)
    sequence = identifier(algorithm)
    tbs = tlv(0x30, tlv(0xA0, tlv(2, bytes([version - 1]))) if version > 1 else b"",
              tlv(2, serial or b"\x10" + SERIAL[0].to_bytes(2, "big")),
              identifier(inner) if inner else sequence, dn(issuer),
              tlv(0x30, time(first), time(last)), dn(subject), spki or spki_of(key),
              before, tlv(0xA3, tlv(0x30, *extensions)) if extensions else b"", behind)
    signature = change(signed(issuer_key, tbs + b"x" if broken else tbs, algorithm))
    return tlv(0x30, tbs, sequence, tlv(3, b"\x00", signature))


def authority(subject, key, issuer=None, issuer_key=None, path=None, more=(), **rest):
    extensions = [extension("551d13", basic(True, path), True),
                  extension("551d0f", tlv(3, b"\x01\x06"), True), *more]
    return certificate(subject, key, issuer or subject, issuer_key or key, extensions, **rest)


def eku(*purposes):
    return extension("551d25", tlv(0x30, *(oid(p) for p in purposes)))


def key_usage(bits):
    return extension("551d0f", tlv(3, bits), True)


def spki_without_null(key):
    """An RSA key whose AlgorithmIdentifier lacks the NULL of RFC 3279 section 2.3.1."""
    whole = spki_of(key)
    with_null = tlv(0x30, oid("2a864886f70d010101"), tlv(5))
    assert with_null in whole
    bits = whole[whole.index(with_null) + len(with_null):]
    return tlv(0x30, tlv(0x30, oid("2a864886f70d010101")), bits)


def spki_explicit(key):
    """A P-256 key with its curve spelt out (RFC 3279 section 2.3.5)."""
    point = spki_of(key)[-65:]
    prime = 2**256 - 2**224 + 2**192 + 2**96 - 1
    def octets(number):
        return number.to_bytes(32, "big")
    def integer(number):
        return tlv(2, b"\x00" + octets(number))
    generator = bytes.fromhex(
        "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    curve = tlv(0x30, tlv(2, b"\x01"), tlv(0x30, oid("2a8648ce3d0101"), integer(prime)),
                tlv(0x30, tlv(4, octets(prime - 3)), tlv(4, octets(b))), tlv(4, generator),
                integer(order), tlv(2, b"\x01"))
    return tlv(0x30, tlv(0x30, oid("2a8648ce3d0201"), curve), tlv(3, b"\x00", point))


def spki_pss(key, *parameters):
    """An RSA key that is for RSASSA-PSS alone (RFC 4055 section 1.2)."""
    return tlv(0x30, pss_algorithm(*parameters), fields(spki_of(key))[1])


def off_curve(key):
    """A P-256 key whose point is on no curve of that name."""
    octets = spki_of(key)
    return octets[:-1] + bytes([octets[-1] ^ 1])


def fields(der):
    """Whole elements inside of one."""
    def head(at):
        length, start = der[at + 1], at + 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(der[at + 2:start], "big")
        return start, length
    at, length = head(0)
    end, found = at + length, []
    while at < end:
        start, length = head(at)
        found.append(der[at:start + length])
        at = start + length
    return found


def padded(signature):
    """Ecdsa-Sig-Value with a zero more than it takes in front of r."""
    r = fields(signature)[0]
    return tlv(0x30, tlv(2, b"\x00", r[2:]), *fields(signature)[1:])
