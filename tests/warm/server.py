"""The process that commands are forked from, and who asks it for one."""

import atexit
import marshal
import os
import socket
import sys
import threading
from contextlib import suppress
from functools import cache
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.reduction import DupFd
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

FORKING = get_context("forkserver")
LOCK = threading.Lock()
"""Held while a process begins or is counted as ended: each of them looks after all others, too."""
CLIENT = Path(__file__).with_name("client.py")
PROGRAM = """\
#!{python} -IS
import sys
sys.path.append({folder!r})
from client import main
main({address!r}, {python!r})
"""


@cache
def python() -> str:
    """The program, for as long as this process lives."""
    folder = TemporaryDirectory(prefix="warm-")
    atexit.register(folder.cleanup)
    address, program = f"{folder.name}/socket", Path(folder.name, "python")
    text = PROGRAM.format(python=sys.executable, folder=str(CLIENT.parent), address=address)
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)
    FORKING.set_forkserver_preload(["tests.warm.preload"])
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen(64)
    threading.Thread(target=_serve, args=(listening,), daemon=True).start()
    return str(program)


def _serve(listening: socket.socket) -> None:
    while True:
        connection, _ = listening.accept()
        threading.Thread(target=_answer, args=(connection,), daemon=True).start()


def _answer(connection: socket.socket) -> None:
    with connection:
        _, descriptors, _, _ = socket.recv_fds(connection, 1, 3)
        length = int.from_bytes(_read(connection, 8), "big")
        asked = marshal.loads(_read(connection, length))
        process = FORKING.Process(target=_command, args=(*asked, _Streams(descriptors)))
        with LOCK:
            process.start()
        for descriptor in descriptors:
            os.close(descriptor)
        if process.sentinel not in wait([process.sentinel, connection]):
            process.kill()  # anyone who asked for it has gone
            wait([process.sentinel])
        with LOCK:
            process.join()
        with suppress(OSError):
            connection.sendall(str(process.exitcode).encode())
        process.close()


def _read(connection: socket.socket, length: int) -> bytes:
    found = b""
    while len(found) < length:
        found += connection.recv(length - len(found))
    return found


class _Streams:
    """Descriptors that a new process gets."""

    def __init__(self, descriptors: list[int]) -> None:
        self.descriptors = descriptors

    def __reduce__(self) -> tuple[Any, ...]:
        return _streams, tuple(DupFd(descriptor) for descriptor in self.descriptors)


def _streams(*duplicates: Any) -> _Streams:
    return _Streams([duplicate.detach() for duplicate in duplicates])


def _command(program: str, words: list[str], folder: str, environment: dict[str, str], streams: _Streams) -> None:
    for number, descriptor in enumerate(streams.descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.executable, sys.argv = program, words
    import_module("kerrigan.__main__" if words[0] == "kerrigan" else words[0]).main()
