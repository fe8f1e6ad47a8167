"""What every test gets: enforced tensor shapes, one thread, and no network."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from jaxtyping import install_import_hook

# Before anything of `lib` is imported: annotations such as Float[Tensor, "B D"] are checked when
# a function is called. An int passes for a float, as PEP 484 has it.
install_import_hook("lib", "beartype.beartype(conf=beartype.BeartypeConf(is_pep484_tower=True))")

import torch  # noqa: E402


def pytest_configure(config: pytest.Config) -> None:
    """One thread: the tensors of tests are tiny, and threads that wait for each other on a busy
    machine make a test of milliseconds last seconds."""
    torch.set_num_threads(1)


def _is_loopback(host: object) -> bool:
    host = host.decode() if isinstance(host, bytes) else str(host or "")
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels and local servers may talk over loopback; any other connection is refused."""
    connect, connect_ex, getaddrinfo = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def check(sock: socket.socket, address: object) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise ConnectionRefusedError(f"tests must not use the network, but tried {address}")

    def guarded_connect(sock: socket.socket, address: object) -> None:
        check(sock, address)
        return connect(sock, address)

    def guarded_connect_ex(sock: socket.socket, address: object) -> int:
        check(sock, address)
        return connect_ex(sock, address)

    def guarded_getaddrinfo(host: object, *arguments: object, **options: object):
        if not _is_loopback(host):
            raise socket.gaierror(f"tests must not use the network, but looked up {host!r}")
        return getaddrinfo(host, *arguments, **options)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)


@pytest.fixture(autouse=True)
def no_progress_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run around the tests must not receive the progress lines of what they train."""
    monkeypatch.delenv("LITTLE_DICTIONARIES_PROGRESS", raising=False)
