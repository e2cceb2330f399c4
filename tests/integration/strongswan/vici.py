# SPDX-License-Identifier: BSD-2-Clause
"""charon's control protocol, as far as many attempts in a row need it: a program for each would take
most of the time."""

import socket
import struct

REQUEST, RESPONSE = 0, 1
VALUE = 3


class Vici:
    """A connection to one charon.  A context manager."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def _receive(self, length):
        octets = b""
        while len(octets) < length:
            more = self.socket.recv(length - len(octets))
            if not more:
                raise ConnectionError("charon has gone")
            octets += more
        return octets

    def call(self, command, **values):
        """Sends a request; gives the octets of its answer."""
        name = command.encode()
        packet = bytes([REQUEST, len(name)]) + name
        for key, value in values.items():
            packet += bytes([VALUE, len(key)]) + key.encode()
            packet += struct.pack("!H", len(value)) + value.encode()
        self.socket.sendall(struct.pack("!I", len(packet)) + packet)
        answer = self._receive(struct.unpack("!I", self._receive(4))[0])
        if answer[0] != RESPONSE:
            raise RuntimeError(f"{command}: {answer!r}")
        return answer[1:]
