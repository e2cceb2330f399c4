# SPDX-License-Identifier: BSD-2-Clause
"""Which keys and certificates have the name servers of the test world, and which TLSA data fits
them?"""

import datetime
import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)
PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
SPKI = serialization.PublicFormat.SubjectPublicKeyInfo
DIGESTS = {0: lambda data: data, 1: lambda data: hashlib.sha256(data).digest(),
           2: lambda data: hashlib.sha512(data).digest()}


@dataclass(frozen=True)
class Credential:
    """A key with its certificate chain, in memory and as PEM files."""
    label: str
    key: object
    certificates: tuple  # end entity first
    key_file: Path
    chain_file: Path
    public_file: Path

    def selected(self, selector, depth=0):
        """The octets that a TLSA selector speaks of."""
        if selector == 0:
            return self.certificates[depth].public_bytes(DER)
        return self.certificates[depth].public_key().public_bytes(DER, SPKI)

    def tlsa(self, usage, selector, matching, depth=0):
        """RDATA text of a TLSA record that this credential matches."""
        data = DIGESTS[matching](self.selected(selector, depth))
        return f"{usage} {selector} {matching} {data.hex()}"


def new_key(kind="p256"):
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP256R1())


def _common_name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _alternative(name):
    return x509.DNSName(name) if isinstance(name, str) else x509.IPAddress(name)


def certificate(key, names, issuer=None, issuer_key=None, first=-DAY, last=365 * DAY, is_ca=False,
                purposes=()):
    """A certificate for DNS names, and addresses of ipaddress; self-signed unless an issuer is
    given.  purposes: OIDs in text."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    subject = _common_name(str(names[0]))
    signing = issuer_key or key
    builder = (x509.CertificateBuilder().subject_name(subject)
               .issuer_name(issuer.subject if issuer else subject)
               .public_key(key.public_key()).serial_number(x509.random_serial_number())
               .not_valid_before(now + first).not_valid_after(now + last)
               .add_extension(x509.BasicConstraints(is_ca, None), critical=True))
    if not is_ca:
        alternatives = x509.SubjectAlternativeName([_alternative(n) for n in names])
        builder = builder.add_extension(alternatives, critical=False)
    if purposes:
        usage = x509.ExtendedKeyUsage([x509.ObjectIdentifier(p) for p in purposes])
        builder = builder.add_extension(usage, critical=False)
    is_edwards = isinstance(signing, ed25519.Ed25519PrivateKey)
    return builder.sign(signing, None if is_edwards else hashes.SHA256())


def save(folder, label, key, certificates):
    """Writes the PEM files and returns the credential."""
    folder = Path(folder)
    paths = [folder / f"{label}.{end}" for end in ("key", "crt", "pub")]
    paths[0].write_bytes(key.private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    paths[0].chmod(0o600)
    paths[1].write_bytes(b"".join(c.public_bytes(PEM) for c in certificates))
    paths[2].write_bytes(key.public_key().public_bytes(PEM, SPKI))
    return Credential(label, key, tuple(certificates), *paths)


def self_signed(folder, label, names, kind="p256", **dates):
    key = new_key(kind)
    return save(folder, label, key, [certificate(key, names, **dates)])


def issued(folder, label, names, authority, authority_key, **dates):
    """An end-entity certificate with its authority's certificate behind it."""
    key = new_key()
    leaf = certificate(key, names, authority, authority_key, **dates)
    return save(folder, label, key, [leaf, authority])


def all_credentials(folder, zone):
    """Every credential that a server of the world uses, by label."""
    ca_key = new_key()
    ca = certificate(ca_key, ["danepriv test authority"], is_ca=True)
    honest = self_signed(folder, "honest", [f"ns1.{zone}"])
    lone = new_key()
    made = [
        honest,
        self_signed(folder, "raw", [f"ns2.{zone}"]),
        self_signed(folder, "impostor", [f"ns3.{zone}"]),
        self_signed(folder, "next", [f"rollover.{zone}"]),
        self_signed(folder, "expired", [f"ns7.{zone}"], first=-30 * DAY, last=-2 * DAY),
        self_signed(folder, "rsa", [f"rsa.{zone}"], kind="rsa"),
        self_signed(folder, "ed25519", [f"ed25519.{zone}"], kind="ed25519"),
        save(folder, "appended", lone, [certificate(lone, [f"ns9.{zone}"]),
                                        honest.certificates[0]]),
        issued(folder, "anchored", [f"anchor.{zone}", f"anchorkey.{zone}"], ca, ca_key),
        issued(folder, "misnamed", ["somebody-else.test"], ca, ca_key),
        issued(folder, "outdated", [f"anchorold.{zone}"], ca, ca_key,
               first=-30 * DAY, last=-2 * DAY),
    ]
    return {c.label: c for c in made}
