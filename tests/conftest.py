"""Tests see git as a new machine has it: no configuration, no token, and no name but the one they give."""

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from kerrigan.git.repo import Clone, discover, git

FOREIGN = ("GIT_", "GITHUB_", "GH_", "KERRIGAN_AGENT", "KERRIGAN_CACHE", "KERRIGAN_SECRET", "KERRIGAN_TOKEN", "XDG_")
PINNED = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "EMAIL": "nobody@example.com"}

for name in [name for name in os.environ if name.startswith(FOREIGN) and name != "GIT_EXEC_PATH"]:
    del os.environ[name]
os.environ |= PINNED

if threading.current_thread() is threading.main_thread():
    # A shell starts what runs in the background without an interrupt, `nohup` without a hang-up: so would all that the
    # tests start.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)

# One profile for every property, so that no machine is too busy for one. How many examples a property takes is its own.
settings.register_profile(
    "kerrigan",
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("kerrigan")


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty home folder for everything that the tests start."""
    folder = tmp_path_factory.mktemp("home")
    os.environ["HOME"] = str(folder)
    return folder


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """An empty bare repository whose default branch will be main."""
    git("init", "-q", "--bare", "-b", "main", "remote.git", cwd=tmp_path)
    return tmp_path / "remote.git"


@pytest.fixture
def clone_of(tmp_path: Path) -> Callable[..., Clone]:
    """Clones by remote and name; `files`, by path, are committed and pushed to main."""

    def make(remote: Path, name: str = "clone", files: dict[str, str] | None = None) -> Clone:
        folder = tmp_path / name
        git("clone", "-q", str(remote), name, cwd=tmp_path)
        git("config", "user.name", name, cwd=folder)
        for path, text in (files or {}).items():
            folder.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
            folder.joinpath(path).write_text(text, encoding="utf-8")
        if files:
            git("checkout", "-q", "-B", "main", cwd=folder)
            git("add", ".", cwd=folder)
            git("commit", "-q", "-m", "Write files", cwd=folder)
            git("push", "-q", "origin", "main", cwd=folder)
        return discover(folder)

    return make
