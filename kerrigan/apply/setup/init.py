"""Set a repository up: which files it needs, which it has, and writing what is missing. Nothing is overwritten."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from urllib.parse import urlsplit

from kerrigan.apply.setup.release import pinned_action
from kerrigan.apply.setup.templates import (
    action_named,
    configuration,
    is_pinned,
    short_names,
    spec,
    tasks,
    tests_of,
    workflows,
)
from kerrigan.errors import UnreadableError, UsageError
from kerrigan.files import Wanted, read_tree, write_atomically
from kerrigan.git.repo import Clone, GitError, discover, git
from kerrigan.load.documents import parse_yaml
from kerrigan.load.lockfile import LOCK, LOCKFILE, unlocked
from kerrigan.load.tree import CONFIG
from kerrigan.load.workspace import workspace
from kerrigan.model.names import is_id, is_slug, short_name, slug_of

WORKFLOWS = ".github/workflows"
HUB = "https://github.com"


@dataclass(frozen=True, slots=True)
class InitOptions:
    """What was asked for; None and empty are the defaults. `home` makes the repository a satellite of that one."""

    project: str | None = None
    repositories: tuple[str, ...] = ()
    home: str | None = None
    action: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file that belongs here: its text, and the text that is there already, if any."""

    path: str
    text: str
    found: str | None

    @property
    def state(self) -> str:
        """`written`, `unchanged` or `kept`: someone's own, which differs."""
        if self.found is None:
            return "written"
        return "unchanged" if self.found == self.text else "kept"

    @property
    def difference(self) -> str:
        """From what is there to what would have been written, as a unified diff."""
        there, ours = ((text or "").splitlines() for text in (self.found, self.text))
        return "\n".join(unified_diff(there, ours, "here", "from Kerrigan", lineterm="", n=1))


@dataclass(frozen=True, slots=True)
class Plan:
    """The files of a repository at `root`, the commands that come next, and what is wrong with what was asked for."""

    root: Path
    files: tuple[File, ...]
    next_steps: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def plan(directory: Path, wish: InitOptions) -> Plan:
    """What the repository that `directory` lies in needs. Writes nothing.

    Raises UsageError for names that are none, and UnreadableError without a work tree or with something in the way.
    """
    action = action_named(wish.action, pinned_action())
    _refuse_what_is_no_slug(wish)
    clone = discover(directory)
    if clone.root == clone.git_dir:
        raise UnreadableError(
            f"{clone.root} is a bare repository: it has no files to add to",
            kind="bare-repository",
            next_step=f"git clone {clone.root}, and change into the clone",
        )
    space = workspace(parse_yaml(CONFIG, found_text(clone.root, CONFIG) or ""))
    home = wish.home or space.home
    if wish.home and wish.home == _slug(clone):
        raise UsageError(f"{wish.home} is this repository itself", kind="satellite", next_step="kerrigan init")
    texts = {CONFIG: configuration(home)}
    if home is None:
        texts |= _project(clone, wish, space.projects)
    elif wish.project or wish.repositories:
        raise UsageError(
            f"this repository is a satellite of {home}, and projects are kept there",
            kind="satellite",
            next_step=f"run it in a clone of {home}, or leave the project out here",
        )
    tests = tests_of(_other_workflows(clone.root))
    made = workflows(action, _default_branch(clone), tests, space.projects, home)
    texts |= {f"{WORKFLOWS}/{name}": text for name, text in made.items()}
    files = tuple(File(path, text, found_text(clone.root, path)) for path, text in texts.items())
    by_hand = [f"add to {CONFIG}: home: {home}"] if home != space.home and files[0].state == "kept" else []
    steps = (*by_hand, *_next_steps(clone, home, wish, _lock_steps(clone, files)))
    return Plan(clone.root, files, steps, () if is_pinned(action) else (_moves(action),))


def write(made: Plan) -> None:
    """Write the files that are not there yet, each whole or not at all. Raises UnreadableError where one cannot be."""
    missing = [file for file in made.files if file.state == "written"]
    for file in missing:
        _refuse_what_is_in_the_way(made.root / file.path)
    for file in missing:
        try:
            write_atomically(made.root / file.path, file.text)
        except OSError as error:
            raise _unwritable(made.root / file.path, error.strerror or str(error)) from error


def _refuse_what_is_no_slug(wish: InitOptions) -> None:
    for option, slugs in (("--repository", wish.repositories), ("--home", (wish.home,) if wish.home else ())):
        for slug in slugs:
            if not is_slug(slug):
                step = f"for example: {option} acme/todo-api"
                raise UsageError(f"{option} is {slug!a}; expected OWNER/NAME", kind="repository", next_step=step)
    if wish.project is not None and not is_id(wish.project):
        raise UsageError(
            f"the project is called {wish.project!a}; expected lower-case letters, digits and hyphens, 63 at most",
            kind="project-id",
            next_step=f"kerrigan init {short_name(wish.project)}",
        )


def _project(clone: Clone, wish: InitOptions, folder: str) -> dict[str, str]:
    project = wish.project or _project_name(clone, folder)
    if project is None:
        return {}
    named = short_names(wish.repositories)
    addresses = {name: f"{_server(clone)}/{slug}" for name, slug in named.items()}
    path = f"{folder}/{project}"
    begun = found_text(clone.root, f"{path}/spec.md")
    ours = {f"{path}/spec.md": spec(project, addresses), f"{path}/tasks.yml": tasks(addresses)}
    # To someone's own project, perhaps of an older format, nothing is added.
    is_own = begun is not None and begun != ours[f"{path}/spec.md"]
    return {file: text for file, text in ours.items() if not is_own or found_text(clone.root, file) is not None}


def _project_name(clone: Clone, folder: str) -> str | None:
    """The repository's own name; None where it has projects, and none of that name."""
    name = short_name(_slug(clone) or clone.root.name)
    above = clone.root / folder
    others = [entry.name for entry in above.iterdir() if entry.is_dir()] if above.is_dir() else []
    return name if name in others or not others else None


def _slug(clone: Clone) -> str | None:
    return slug_of(clone.config.get("remote.origin.url", ""))


def _server(clone: Clone) -> str:
    origin = clone.config.get("remote.origin.url", "")
    scp_like = re.match(r"(?:[^@/:]+@)?([^@/:]{2,}):(?!//)", origin)
    url = urlsplit(origin)
    host = scp_like[1] if scp_like else url.hostname if url.scheme in {"https", "ssh"} else None
    return f"https://{host}" if host else HUB


def _default_branch(clone: Clone) -> str:
    try:
        return git("symbolic-ref", "--short", "-q", "refs/remotes/origin/HEAD", cwd=clone.root).partition("/")[2]
    except GitError:
        usual = git("branch", "--list", "--format=%(refname:short)", "main", "master", cwd=clone.root)
        return usual.partition("\n")[0] or clone.current_branch() or "main"


def _other_workflows(root: Path) -> Mapping[str, str]:
    found, _ = read_tree(root, Wanted(_is_workflow))
    return {path: text for path, text in found.items() if not path.startswith(f"{WORKFLOWS}/kerrigan-")}


def _is_workflow(path: str) -> bool:
    return path.startswith(f"{WORKFLOWS}/") and path.endswith((".yml", ".yaml"))


def found_text(root: Path, path: str) -> str | None:
    """The text of a file that is there already, with git's line ends; None where there is none."""
    file = root / path
    try:
        if not file.resolve().is_relative_to(root.resolve()) or (file.is_symlink() and not file.exists()):
            raise _unwritable(file, "a symbolic link leads out of the repository, or nowhere")
        return file.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, RuntimeError) as error:
        raise _unwritable(file, getattr(error, "strerror", None) or "a loop of symbolic links") from error


def _refuse_what_is_in_the_way(file: Path) -> None:
    if file.exists():
        raise _unwritable(file, "it has appeared meanwhile")
    above = next(folder for folder in file.parents if folder.exists())
    if not above.is_dir():
        raise _unwritable(file, f"{above} is not a folder")
    if not os.access(above, os.W_OK):
        raise _unwritable(file, f"nothing may be written in {above}")


def _unwritable(file: Path, reason: str) -> UnreadableError:
    step = "fix that and run it again: existing files are not changed"
    return UnreadableError(f"{file} cannot be written: {reason}", kind="unwritable", next_step=step)


def _moves(action: str) -> str:
    repository = action.partition("@")[0]
    return (
        f"the workflows use {action}, a name that can be moved to other code: write a commit of {repository} in its "
        f"place (`kerrigan init --action COMMIT` does, for files that are not there yet)"
    )


def _lock_steps(clone: Clone, files: tuple[File, ...]) -> tuple[str, ...]:
    """What to run where the repository locks its actions: GitHub starts no locked workflow with an unlocked one."""
    lockfile = found_text(clone.root, LOCKFILE)
    if lockfile is None:
        return ()
    workflows = {file.path: file.found or file.text for file in files if file.path.startswith(f"{WORKFLOWS}/")}
    lacking = unlocked(lockfile, workflows)
    is_complete = lacking is not None and not any(found or found is None for found in lacking.values())
    return () if is_complete else (f"{LOCK}     # {LOCKFILE} lacks these workflows",)


def _next_steps(clone: Clone, home: str | None, wish: InitOptions, lock: tuple[str, ...]) -> tuple[str, ...]:
    others = [slug for slug in dict.fromkeys(wish.repositories) if slug != _slug(clone)]
    steps = ["kerrigan check", *lock, f"git add .github{'' if home else ' specs'} && git commit -m 'Add Kerrigan'"]
    if "remote.origin.url" not in clone.config:
        steps.append("git remote add origin URL")
    steps.append("git push -u origin HEAD")
    steps += [f"kerrigan init --home {_slug(clone) or 'OWNER/NAME'}     # in a clone of {slug}" for slug in others]
    if others or home:
        steps.append("gh secret set KERRIGAN_TOKEN     # on GitHub: a token that reaches the project's repositories")
    return (*steps, "kerrigan status")
