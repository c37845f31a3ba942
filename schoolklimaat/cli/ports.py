"""Whether a port can be listened on, asked before a server is started, so that the answer is a sentence."""

import socket


class PortTakenError(Exception):
    """Another program listens there; the message says what to do."""


def require_free(host: str, port: int, option: str) -> None:
    """Raise `PortTakenError` when a port cannot be listened on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise PortTakenError(
                f"Poort {port} op {host} kan niet gebruikt worden ({problem.strerror})."
                f" Stop het programma dat er luistert, of kies een andere poort met {option}."
            ) from problem
