"""The action's set-up, by uv against by pip: the install step of action.yml itself, in a new RUNNER_TEMP each time.

Run it with `python benchmarks/setup.py`; uv has to be on PATH or beside this Python. `cold` has no cache of downloads,
which is what a new runner is like; `again` is the second use of the action in one job.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import yaml

ROUNDS = 3
ROOT = Path(__file__).parent.parent
TOOLS = ("bash", "python3", "cksum", "cut", "touch", "git")


def install_script(folder: Path) -> Path:
    """The shell script of the step `install`."""
    steps = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
    script = folder / "install.sh"
    script.write_text(next(step["run"] for step in steps if step["id"] == "install"), encoding="utf-8")
    return script


def path_with(folder: Path, *tools: str) -> str:
    """A PATH on which these tools are, and no other installer."""
    folder.mkdir()
    for name in tools:
        beside = Path(sys.executable).parent / name
        found = str(beside) if beside.exists() else shutil.which(name)
        if found is None:
            sys.exit(f"{name} is not installed here")
        (folder / name).symlink_to(found)
    return str(folder)


def environment(folder: Path, path: str) -> dict[str, str]:
    """A runner's, whose caches are empty and lie in `folder`."""
    kept = {name: value for name, value in os.environ.items() if name != "KERRIGAN_PYTHON"}
    own = {"UV_CACHE_DIR": folder / "uv", "PIP_CACHE_DIR": folder / "pip", "RUNNER_TEMP": folder / "temp"}
    files = {"GITHUB_ACTION_PATH": ROOT, "GITHUB_OUTPUT": folder / "output"}
    return {**kept, "PATH": path, **{name: str(value) for name, value in (own | files).items()}}


def seconds(script: Path, given: dict[str, str]) -> float:
    """How long the step takes; it has to succeed."""
    Path(given["RUNNER_TEMP"]).mkdir(exist_ok=True)
    start = perf_counter()
    subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)], env=given, check=True)
    return perf_counter() - start


def measure(folder: Path, paths: dict[str, str]) -> dict[str, dict[str, float]]:
    """Each installer's fastest time by kind; the rounds are interleaved, so that all see the same machine."""
    script = install_script(folder)
    times: dict[str, dict[str, float]] = {name: {} for name in paths}
    for number in range(ROUNDS):
        for name, path in paths.items():
            given = environment(folder / f"{name}-{number}", path)
            Path(given["RUNNER_TEMP"]).parent.mkdir()
            for kind in ("cold", "cached", "again"):
                if kind == "cached":
                    shutil.rmtree(given["RUNNER_TEMP"])
                times[name][kind] = min(seconds(script, given), times[name].get(kind, float("inf")))
    return times


def main() -> None:
    """Print each time, and its ratio to pip's."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        paths = {"pip": path_with(folder / "with-pip", *TOOLS), "uv": path_with(folder / "with-uv", *TOOLS, "uv")}
        times = measure(folder, paths)
    for kind, of_pip in times["pip"].items():
        print(kind)
        for installer, found in times.items():
            print(f"  {installer:4} {found[kind] * 1000:9.1f} ms {found[kind] / of_pip:8.2f} x")


if __name__ == "__main__":
    main()
