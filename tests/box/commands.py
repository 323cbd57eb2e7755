"""Programs that the box runs, git above all, with nothing of this machine's or this user's configuration."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

CLEAN = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LANG": "C.UTF-8",
}


class CommandError(Exception):
    """A program of the box ended badly; the words and what it said are the message."""


def clean(**more: str) -> dict[str, str]:
    """The environment of a program of the box."""
    return {"PATH": os.environ["PATH"], "HOME": os.devnull, **CLEAN, **more}


def git(*words: str, at: Path, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> str:
    """What git says in a folder. Raises CommandError."""
    return git_bytes(*words, at=at, stdin=stdin, env=env).decode("utf-8", "replace").rstrip("\n")


def git_bytes(*words: str, at: Path, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
    """What git says in a folder, byte for byte. Raises CommandError."""
    done = _git(words, at, stdin, env)
    if done.returncode:
        raise CommandError(f"git {' '.join(words)}: {done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout


def git_agrees(*words: str, at: Path, env: Mapping[str, str] | None = None) -> bool:
    """Whether git ends well in a folder."""
    return _git(words, at, b"", env).returncode == 0


def _git(
    words: tuple[str, ...], at: Path, stdin: bytes, env: Mapping[str, str] | None
) -> subprocess.CompletedProcess[bytes]:
    environment = clean(**(env or {}))
    return subprocess.run(["git", *words], cwd=at, input=stdin, env=environment, capture_output=True, check=False)
