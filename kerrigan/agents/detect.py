"""Which agents are on this machine: program, version against the range that was tried, and where a login would be."""

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from kerrigan.agents.output import parse, part, words
from kerrigan.agents.profile import Profile, Version, is_tried, version_of

PATIENCE = 60.0
"""Seconds for a `--version`: one of them takes thirteen on a busy machine, and ten in a HOME that is new."""


@dataclass(frozen=True, slots=True)
class Detected:
    """One agent as it is here. `path` is empty where its program is not on PATH.

    `version` is empty where it did not say one; `is_tried` is None then. `login` names variables that are set and files
    that are there, never what they hold.
    """

    profile: Profile
    path: str = ""
    version: str = ""
    is_tried: bool | None = None
    login: tuple[str, ...] = ()
    problem: str = ""


def detect(profiles: Iterable[Profile], environment: Mapping[str, str]) -> list[Detected]:
    """Look for each agent; all that are there are asked for their version at once."""
    listed = list(profiles)
    if not listed:
        return []
    with ThreadPoolExecutor(max_workers=len(listed)) as pool:
        return list(pool.map(lambda profile: _detected(profile, environment), listed))


def _detected(profile: Profile, environment: Mapping[str, str]) -> Detected:
    login = login_of(profile, environment)
    path = shutil.which(profile.program, path=environment.get("PATH", ""))
    if path is None:
        return Detected(profile, login=login)
    if not profile.package and not profile.tried[0]:
        return Detected(profile, path, login=login)  # a program of one's own need not know --version
    version = packaged_version(Path(path), profile.package)
    if version:
        return Detected(profile, path, ".".join(map(str, version)), is_tried(profile, version), login)
    try:
        done = subprocess.run(
            [path, "--version"],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Detected(profile, path, login=login, problem=f"`--version` did not end within {PATIENCE:.0f} s")
    except OSError as error:
        return Detected(profile, path, login=login, problem=f"it cannot be started: {error.strerror}")
    version = version_of(done.stdout.decode(errors="replace"))
    if version is None:
        return Detected(
            profile, path, login=login, problem="`--version` prints no version: another program of this name?"
        )
    return Detected(profile, path, ".".join(map(str, version)), is_tried(profile, version), login)


def packaged_version(program: Path, package: str) -> Version | None:
    """The version in the package.json that a program belongs to, where that is the npm package of the profile.

    It takes no start of Node.js, and it tells which program this is: four of the nine print a bare number.
    """
    name = package.rpartition("@")[0]
    for folder in program.resolve().parents:
        description = folder / "package.json"
        if description.is_file():
            found = parse(description.read_bytes())
            same = isinstance(found, dict) and found.get("name") == name
            return version_of(words(part(found, "version"))) if same else None
    return None


def login_of(profile: Profile, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The variables that are set and the files below HOME that are there, of those that may hold a login."""
    home = Path(environment.get("HOME") or Path.home())
    variables = [name for name in profile.keys if environment.get(name)]
    files = [f"~/{name}" for name in profile.logins if (home / name).is_file()]
    return (*variables, *files)
