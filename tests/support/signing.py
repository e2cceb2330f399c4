# SPDX-License-Identifier: BSD-2-Clause
"""How does the zone table become signed zone files?  With the tools of BIND and ldns."""

import hashlib
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import dns.dnssec
import dns.name
import dns.rdata

HEAD = "$ORIGIN {0}\n$TTL 300\n@ SOA {1} hostmaster.test. 1 3600 900 86400 60\n"
MOST_ITERATIONS_OF_BIND = 50
SECOND_ALGORITHM = "RSASHA256"
DIGESTS = {"sha1": 1, "sha256": 2, "sha384": 4}


@dataclass(frozen=True)
class Key:
    """One key pair made by dnssec-keygen."""
    stem: Path
    is_ksk: bool

    @property
    def record(self):
        """The DNSKEY line of the key file."""
        lines = self.stem.with_name(self.stem.name + ".key").read_text().splitlines()
        return next(line for line in lines if not line.startswith(";"))

    @property
    def rdata(self):
        text = self.record.split("DNSKEY", 1)[1]
        return dns.rdata.from_text("IN", "DNSKEY", text)


class Signer:
    """Makes the files of all zones in <folder>/zones, and knows their keys."""

    def __init__(self, folder, zones):
        self.folder = Path(folder)
        self.zones = zones
        self.keys = {}
        for name in ("keys", "unsigned", "zones"):
            (self.folder / name).mkdir()

    def run(self):
        signed = [z for z in self.zones if z.algorithm]
        with ThreadPoolExecutor(4) as pool:
            for zone, keys in zip(signed, pool.map(self._make_keys, signed)):
                self.keys[zone.name] = keys
            list(pool.map(self._make_file, self.zones))

    def sign(self, zone):
        """Makes the file of one zone again, by the keys that it has."""
        self._make_file(zone)

    def file_of(self, zone):
        return self.folder / "zones" / f"{zone.name.rstrip('.') or 'root'}.zone"

    def anchor_keys(self, name):
        """DNSKEY lines of the keys that others point at."""
        return [key.record for key in self.keys[name] if key.is_ksk]

    def anchor_digests(self, name, kind="sha256"):
        """DS lines of the same keys."""
        return [f"{name} 300 IN DS {_digest(name, key, kind)}"
                for key in self.keys[name] if key.is_ksk]

    def _make_keys(self, zone):
        def make(is_ksk, algorithm=zone.algorithm):
            flags = ["-f", "KSK"] if is_ksk else []
            size = ["-b", "2048"] if "RSA" in algorithm else []
            stem = _tool("dnssec-keygen", "-q", "-K", self.folder / "keys", "-a", algorithm,
                         *size, *flags, "-n", "ZONE", zone.name).strip()
            return Key(self.folder / "keys" / stem, is_ksk)

        def revoke(key):
            return Key(Path(_tool("dnssec-revoke", "-K", self.folder / "keys",
                                  key.stem.name).strip()), True)

        recipes = {
            "csk": lambda: [make(True)],
            "split": lambda: [make(True), make(False)],
            "double": lambda: [make(True), make(True)],
            "algorithms": lambda: [make(True), make(True, SECOND_ALGORITHM)],
            "revoked": lambda: [make(True), revoke(make(True))],
            "revoked-ds": lambda: [revoke(make(True))],
        }
        return recipes[zone.keys]()

    def _children(self, zone):
        """The zones that this one delegates."""
        def is_parent(parent, child):
            suffix = "." if parent.name == "." else "." + parent.name
            return child is not parent and child.name.endswith(suffix)

        for child in self.zones:
            above = [z for z in self.zones if is_parent(z, child)]
            if above and max(above, key=lambda z: len(z.name)) is zone:
                yield child

    def _delegations(self, zone):
        lines = []
        for child in self._children(zone):
            lines += [f"{child.name} NS {server}" for server in child.servers]
            lines += [f"{child.name} DS {text}" for text in self._ds(child)]
        return "\n".join(lines + [""])

    def _ds(self, zone):
        """What the parent says of a zone's keys; of two, only the first one has a DS."""
        if zone.ds == "none":
            return []
        key = self.keys[zone.name][0]
        right = _digest(zone.name, key, zone.ds if zone.ds in DIGESTS else "sha256")
        tag, algorithm, kind, digest = right.split()
        unknown = f"{tag} 113 {kind} {digest}"
        return {
            "algorithm-113": [unknown],
            "digest-99": [f"{tag} {algorithm} 99 {digest}"],
            "mixed": [unknown, f"{tag} {algorithm} 99 {digest}", right],
            "wrong": [f"{tag} {algorithm} {kind} {'0' * len(digest)}"],
            "sha1-only-right": [_digest(zone.name, key, "sha1"),
                                f"{tag} {algorithm} {kind} {'0' * len(digest)}"],
        }.get(zone.ds, [right])

    def _make_file(self, zone):
        source = self.folder / "unsigned" / self.file_of(zone).name
        text = HEAD.format(zone.name, zone.servers[0])
        text += "".join(f"@ NS {server}\n" for server in zone.servers)
        text += zone.text + self._delegations(zone)
        if not zone.algorithm or zone.harm == "unsign":
            self.file_of(zone).write_text(text)
            return
        if zone.denial.isdigit() and int(zone.denial) > MOST_ITERATIONS_OF_BIND:
            source.write_text(text)
            self._sign_with_ldns(zone, source)
        else:
            keys = "\n".join(key.record for key in self.keys[zone.name])
            source.write_text(text + keys + "\n")
            self._sign_with_bind(zone, source)
        if zone.harm:
            _HARMS[zone.harm](self.file_of(zone))

    def _sign_with_bind(self, zone, source):
        denial = {"nsec": [], "nsec3": ["-3", "-", "-H", "0"],
                  "optout": ["-3", "-", "-H", "0", "-A"]}.get(
                      zone.denial, ["-3", "abcd", "-H", zone.denial])
        dates = ["-s", zone.dates[0], "-e", zone.dates[1]] if zone.dates else []
        ignore_ksk = [] if zone.keys == "split" else ["-z"]
        _tool("dnssec-signzone", "-q", "-P", "-x", *ignore_ksk, "-O", "full", "-N", "keep",
              "-d", self.folder / "keys", "-o", zone.name, "-f", self.file_of(zone),
              *denial, *dates, source, *(key.stem for key in self.keys[zone.name]))

    def _sign_with_ldns(self, zone, source):
        _tool("ldns-signzone", "-n", "-t", zone.denial, "-s", "abcd", "-o", zone.name,
              "-f", self.file_of(zone), source, *(key.stem for key in self.keys[zone.name]))


def _digest(name, key, kind):
    """RDATA text of a DS record (RFC 4034 section 5.1.4)."""
    rdata = key.rdata
    data = dns.name.from_text(name).canonicalize().to_wire() + rdata.to_wire()
    tag, digest = dns.dnssec.key_id(rdata), hashlib.new(kind, data).hexdigest()
    return f"{tag} {int(rdata.algorithm)} {DIGESTS[kind]} {digest}"


def _tool(*argv):
    """Runs a tool and returns its output; its complaints go into the exception."""
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL)
    if done.returncode:
        raise RuntimeError(f"{argv[0]}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def _edit(path, change):
    """Passes each record of a signed file (one a line) through `change`; None drops it."""
    lines = [change(line.split()) for line in path.read_text().splitlines()
             if line and line[0] != ";"]
    path.write_text("\n".join(" ".join(fields) for fields in lines if fields) + "\n")


def _without_signature(fields):
    return None if fields[3] == "RRSIG" and fields[4] != "DNSKEY" else fields


def _with_other_data(fields):
    return fields[:7] + ["dd" * 32] if fields[3] == "TLSA" else fields


_HARMS = {"strip": lambda path: _edit(path, _without_signature),
          "corrupt": lambda path: _edit(path, _with_other_data)}
