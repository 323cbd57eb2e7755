"""Asks the server for a process, hands it all that this one has, and ends as it ends. It imports next to nothing."""

import _socket
import marshal
import os
import signal
import sys

MODULES = ("kerrigan", "kerrigan.cli.action")


def main(address: str, interpreter: str) -> None:
    """Run `[options] -m MODULE words` at the server, and anything else by the interpreter itself."""
    words = sys.argv[1:]
    module = words.index("-m") + 1 if "-m" in words[:-1] else 0
    if not module or words[module] not in MODULES:
        os.execv(interpreter, [interpreter, *words])
    asked = (sys.argv[0], words[module:], os.getcwd(), dict(os.environ))  # noqa: PTH109  # pathlib takes a while
    server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    server.connect(address)
    descriptors = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
    server.sendmsg([b"!"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, descriptors)])
    text = marshal.dumps(asked)
    server.sendall(len(text).to_bytes(8, "big") + text)
    code = int(server.recv(16) or b"70")
    if code < 0:
        if -code not in {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)
