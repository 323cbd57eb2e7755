"""Keeps the bare repositories and the emulator at the same objects under the same ids, in both directions.

The emulator computes true git ids, so a pushed commit that is sent through its Git Data API must come out as itself;
where it does not (a signature, an encoding header, an empty message), that is a DriftError.
"""

import base64
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tests.box.commands import git, git_bytes
from tests.box.emulator import Emulator
from tests.box.repository import Repository

COMMIT_FIELDS = "%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%T%x00%P"
SUBMODULE = "160000"


class DriftError(Exception):
    """The two stores do not hold the same any more."""


def known_heads(repo: Repository, emulator: Emulator) -> dict[str, str]:
    """The branches that the emulator knows."""
    rows = emulator.ask("GET", f"/repos/{repo.slug}/git/matching-refs/heads/?per_page=100").body
    return {row["ref"]: row["object"]["sha"] for row in rows}


def to_emulator(repo: Repository, emulator: Emulator) -> None:
    """Copy what a push or a merge brought: objects first, then the branches. Raises DriftError."""
    have, want = known_heads(repo, emulator), repo.heads()
    for ref, sha in want.items():
        if have.get(ref) != sha:
            shared = [old for name, old in have.items() if want.get(name) == old]
            _send_commits(repo, emulator, sha, shared)
            _send_ref(repo, emulator, ref, sha, "PATCH" if ref in have else "POST")
    for ref in have.keys() - want.keys():
        emulator.ask("DELETE", f"/repos/{repo.slug}/git/{ref}")


def _send_ref(repo: Repository, emulator: Emulator, ref: str, sha: str, method: str) -> None:
    path = f"/repos/{repo.slug}/git/" + (ref if method == "PATCH" else "refs")
    body = {"sha": sha, "force": True} if method == "PATCH" else {"ref": ref, "sha": sha}
    answer = emulator.ask(method, path, body)
    if not answer.ok:
        raise DriftError(f"{repo.slug} {ref}: {answer.status} {answer.body}")


def _send_commits(repo: Repository, emulator: Emulator, tip: str, shared: list[str]) -> None:
    for sha in repo.commits(tip, "--not", *shared):
        if emulator.ask("GET", f"/repos/{repo.slug}/git/commits/{sha}").status != 200:
            _send_commit(repo, emulator, sha)


def _send_commit(repo: Repository, emulator: Emulator, sha: str) -> None:
    told = git("log", "-1", f"--format={COMMIT_FIELDS}", sha, at=repo.path).split("\0")
    author, committer = dict(zip(("name", "email", "date"), told, strict=False)), told[3:6]
    tree, parents = told[6], told[7].split()
    start = {"base_tree": git("rev-parse", parents[0] + "^{tree}", at=repo.path)} if parents else {}
    _send(repo, emulator, "trees", {**start, "tree": list(_changed_entries(repo, emulator, sha, parents))}, tree)
    content = {
        "message": git_bytes("cat-file", "commit", sha, at=repo.path).decode().split("\n\n", 1)[1],
        "tree": tree,
        "parents": parents,
        "author": author,
        "committer": dict(zip(("name", "email", "date"), committer, strict=True)),
    }
    _send(repo, emulator, "commits", content, sha)


def _changed_entries(repo: Repository, emulator: Emulator, sha: str, parents: list[str]) -> Iterator[dict[str, Any]]:
    """The rows of a tree, against the one of the first parent."""
    span = [parents[0], sha] if parents else ["--root", sha]
    fields = git("diff-tree", "-r", "-z", "--no-renames", "--no-commit-id", *span, at=repo.path).split("\0")
    for meta, path in zip(fields[::2], fields[1::2], strict=False):
        _, mode, _, blob, how = meta.lstrip(":").split()
        if how == "D":
            yield {"path": path, "mode": "100644", "type": "blob", "sha": None}
            continue
        if mode != SUBMODULE:
            content = base64.b64encode(git_bytes("cat-file", "blob", blob, at=repo.path)).decode()
            _send(repo, emulator, "blobs", {"encoding": "base64", "content": content}, blob)
        yield {"path": path, "mode": mode, "type": "commit" if mode == SUBMODULE else "blob", "sha": blob}


def _send(repo: Repository, emulator: Emulator, kind: str, body: dict[str, Any], sha: str) -> None:
    answer = emulator.ask("POST", f"/repos/{repo.slug}/git/{kind}", body)
    if answer.status != 201 or answer.body["sha"] != sha:
        raise DriftError(f"{repo.slug}: {kind} wanted {sha}: {answer.status} {answer.body}")


def from_emulator(repo: Repository, emulator: Emulator) -> None:
    """Copy what a write over REST brought: objects first, then the branches. Raises DriftError."""
    have, want = repo.heads(), known_heads(repo, emulator)
    for ref, sha in want.items():
        if have.get(ref) != sha:
            _fetch_commits(repo, emulator, sha)
            repo.set(ref, sha)
    for ref in have.keys() - want.keys():
        repo.remove(ref)


def _fetch_commits(repo: Repository, emulator: Emulator, tip: str) -> None:
    waiting = [tip]
    while waiting:
        if repo.has(waiting[-1]):
            waiting.pop()
            continue
        told = _ask(repo, emulator, "commits", waiting[-1])
        missing = [parent["sha"] for parent in told["parents"] if not repo.has(parent["sha"])]
        if missing:
            waiting += missing
            continue
        _fetch_tree(repo, emulator, told["tree"]["sha"])
        _keep(repo, "commit", _commit_text(told), waiting.pop())


def _commit_text(told: dict[str, Any]) -> bytes:
    lines = [f"tree {told['tree']['sha']}", *(f"parent {parent['sha']}" for parent in told["parents"])]
    for role in ("author", "committer"):
        lines.append(f"{role} {told[role]['name']} <{told[role]['email']}> {_git_date(told[role]['date'])}")
    message = told["message"]
    return "\n".join([*lines, "", message if message.endswith("\n") else message + "\n"]).encode()


def _fetch_tree(repo: Repository, emulator: Emulator, sha: str) -> None:
    if repo.has(sha):
        return
    rows = _ask(repo, emulator, "trees", sha)["tree"]
    for row in rows:
        if row["type"] == "tree":
            _fetch_tree(repo, emulator, row["sha"])
        elif row["type"] == "blob" and not repo.has(row["sha"]):
            content = base64.b64decode(_ask(repo, emulator, "blobs", row["sha"])["content"])
            _keep(repo, "blob", content, row["sha"])
    text = "".join(f"{row['mode']} {row['type']} {row['sha']}\t{row['path']}\0" for row in rows)
    _same(repo, "tree", git("mktree", "-z", at=repo.path, stdin=text.encode()), sha)


def _ask(repo: Repository, emulator: Emulator, kind: str, sha: str) -> Any:
    return emulator.ask("GET", f"/repos/{repo.slug}/git/{kind}/{sha}").body


def _keep(repo: Repository, kind: str, content: bytes, sha: str) -> None:
    _same(repo, kind, repo.store(kind, content), sha)


def _same(repo: Repository, kind: str, got: str, sha: str) -> None:
    if got != sha:
        raise DriftError(f"{repo.slug}: {kind} {sha} became {got}")


def _git_date(iso: str) -> str:
    when = datetime.fromisoformat(iso)
    return f"{int(when.timestamp())} {when.strftime('%z')}"
