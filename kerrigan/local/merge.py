"""The merge button of the local forge: a real merge commit, and the payload that GitHub would send about it."""

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

from kerrigan.errors import LostRaceError, UndecidedError, UnreadableError
from kerrigan.git.repo import GitError, environment, git
from kerrigan.local.branches import Branches, ask
from kerrigan.local.forge import LocalForge, no_pull_request

_CONFLICT = 1


def merge(forge: LocalForge, slug: str, number: int, login: str, message: str = "") -> dict[str, Any]:
    """Merge a pull request into the default branch and return GitHub's `pull_request` `closed` payload.

    Raises UnreadableError for one that is not open or is in conflict, LostRaceError when the default branch moved.
    """
    store = forge.store(slug)
    with store.locked():
        pull = forge.pull(slug, number)
        branches = forge.branches(slug)
        if pull is None or pull.merged_as or pull.branch not in branches.tips:
            raise no_pull_request(slug, number)
        title = message or f"Merge pull request #{number} from {pull.branch}\n\n{pull.title}"
        commit = _merge_commit(branches, pull.head, title, login)
        _advance(slug, branches, commit)
        replace(pull, merged_as=commit, merged_by=login).write(store)
    return pull_request_payload(forge, slug, number, "closed", login)


def pull_request_payload(forge: LocalForge, slug: str, number: int, action: str, login: str) -> dict[str, Any]:
    """What GitHub's `pull_request` webhook says of a pull request, as far as Kerrigan reads it."""
    pull, branches = forge.pull(slug, number), forge.branches(slug)
    if pull is None:
        raise no_pull_request(slug, number)
    repository = {"full_name": slug, "default_branch": branches.default}
    return {
        "action": action,
        "number": number,
        "pull_request": {
            "number": number,
            "state": "closed" if pull.merged_as else "open",
            "merged": bool(pull.merged_as),
            "merge_commit_sha": pull.merged_as or None,
            "title": pull.title,
            "body": pull.body,
            "user": {"login": pull.author, "type": "User"},
            "labels": [{"name": label} for label in pull.labels],
            "head": {"ref": pull.branch, "sha": pull.head, "repo": repository},
            "base": {"ref": branches.default, "sha": branches.base, "repo": repository},
        },
        "repository": repository,
        "sender": {"login": login, "type": "User"},
    }


def _merge_commit(branches: Branches, head: str, message: str, login: str) -> str:
    base = branches.base or ""
    merged = _run(branches.folder, login, "merge-tree", "--write-tree", "--name-only", "--no-messages", base, head)
    tree, *files = merged.stdout.splitlines()
    if merged.returncode == _CONFLICT:
        raise UnreadableError(
            f"{head[:10]} conflicts with {branches.default} in {', '.join(files)}",
            kind="merge-conflict",
            next_step=f"merge {branches.default} into the task's branch, solve the conflict there, and push",
        )
    return _run(branches.folder, login, "commit-tree", tree, "-p", base, "-p", head, "-m", message).stdout.strip()


def _advance(slug: str, branches: Branches, commit: str) -> None:
    if ask(branches.folder, "config", "--type=bool", "--default=false", "core.bare") != "true":
        # Git, too, refuses to move a branch under the feet of anyone who has it checked out.
        raise UnreadableError(
            f"{branches.folder.parent} has a work tree, which a merge from outside would leave behind",
            kind="work-tree",
            next_step=f"merge there with git, or keep {slug} in a bare repository",
        )
    try:
        git("update-ref", f"refs/heads/{branches.default}", commit, branches.base or "", cwd=branches.folder)
    except GitError as error:
        raise LostRaceError(
            f"{branches.default} of {slug} moved during the merge, or is being moved",
            kind="base-moved",
            next_step="merge again",
        ) from error


def _run(folder: Path, login: str, *words: str) -> subprocess.CompletedProcess[str]:
    who = {"NAME": login, "EMAIL": "merge@localhost"}
    named = {f"GIT_{role}_{part}": text for role in ("AUTHOR", "COMMITTER") for part, text in who.items()}
    done = subprocess.run(
        ["git", "--git-dir=.", *words],
        cwd=folder, env=environment() | named, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode not in {0, _CONFLICT} or not done.stdout:
        raise UndecidedError(
            f"git could not merge in {folder}: {done.stderr.strip()}",
            kind="git",
            next_step="merge in a clone with git, and push",
        )
    return done
