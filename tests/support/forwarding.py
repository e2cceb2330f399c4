# SPDX-License-Identifier: BSD-2-Clause
"""How does a server get further loopback addresses?  By listeners, each of which hands its
connections on."""

import contextlib
import socket
import threading

PATIENCE = 30  # seconds that one connection may take


def _copy(source, target):
    with contextlib.suppress(OSError):
        while octets := source.recv(65536):
            target.sendall(octets)
        target.shutdown(socket.SHUT_WR)


def _serve(connection, target):
    """Both ways until both ends are done; at once the end where there is no target."""
    with connection:
        if target is None:
            return
        connection.settimeout(PATIENCE)
        with contextlib.suppress(OSError), socket.create_connection(target, PATIENCE) as behind:
            behind.settimeout(PATIENCE)
            back = threading.Thread(target=_copy, args=(behind, connection), daemon=True)
            back.start()
            _copy(connection, behind)
            back.join(PATIENCE)


def _accept(listener, target):
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_serve, args=(connection, target), daemon=True).start()


@contextlib.contextmanager
def forwarding(port, targets):
    """`targets`: by address where its connections go to, (address, port), or None to hang up."""
    listeners = []
    try:
        for address, target in targets.items():
            listener = socket.create_server((address, port))
            listeners.append(listener)
            threading.Thread(target=_accept, args=(listener, target), daemon=True).start()
        yield
    finally:
        for listener in listeners:
            # whoever waits in accept() is woken by this, and not by close()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
