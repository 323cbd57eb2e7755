"""Git over HTTP: git's own backend behind the tokens of the box."""

import base64
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.box.commands import clean
from tests.box.identities import Identities
from tests.box.messages import NOT_FOUND, Answer, Request
from tests.box.repository import Repository
from tests.box.writes import Writes

PATH = re.compile(r"/([\w.-]+/[\w.-]+?)(?:\.git)?(/info/refs|/git-upload-pack|/git-receive-pack)")


class GitHttp:
    """Answers fetches and pushes below `root`, a folder of bare repositories."""

    def __init__(self, root: Path, repositories: Mapping[str, Repository], who: Identities, writes: Writes) -> None:
        self._root, self._repositories, self._who, self._writes = root, repositories, who, writes

    def answer(self, request: Request) -> Answer | None:
        """The answer to a request of git; None when it is none."""
        match = PATH.fullmatch(request.path)
        if match is None:
            return None
        slug, service = match.groups()
        refusal = self._refusal(request, slug, "receive-pack" in service + request.query)
        if refusal:
            return refusal
        if service != "/git-receive-pack":
            return self._backend(request, slug, service)
        assert request.who
        login, repo = request.who.login, self._repositories[slug]
        return self._writes.to_git(repo, login, lambda: self._backend(request, slug, service))

    def _refusal(self, request: Request, slug: str, is_push: bool) -> Answer | None:
        who = request.who
        if who is None:
            return Answer(401, {"message": "Bad credentials"}, {"www-authenticate": 'Basic realm="box"'})
        if slug not in self._repositories or not self._who.may(who, slug, "contents", "read"):
            return NOT_FOUND
        if is_push and not self._who.may(who, slug, "contents", "write"):
            text = f"remote: Permission to {slug}.git denied to {who.login}.\n".encode()
            return Answer(403, raw=text, headers={"content-type": "text/plain"})
        return None

    def _backend(self, request: Request, slug: str, service: str) -> Answer:
        assert request.who
        environment = clean(
            GIT_PROJECT_ROOT=str(self._root),
            GIT_HTTP_EXPORT_ALL="1",
            PATH_INFO=f"/{slug}.git{service}",
            QUERY_STRING=request.query,
            REQUEST_METHOD=request.method,
            CONTENT_TYPE=request.headers.get("content-type", ""),
            CONTENT_LENGTH=str(len(request.body)),
            HTTP_CONTENT_ENCODING=request.headers.get("content-encoding", ""),
            GIT_PROTOCOL=request.headers.get("git-protocol", ""),
            REMOTE_USER=request.who.login,
            REMOTE_ADDR="127.0.0.1",
        )
        done = subprocess.run(
            ["git", "http-backend"], input=request.body, env=environment, capture_output=True, check=False
        )
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        status = int(headers.pop("Status", "200").split()[0])
        return Answer(status, headers={name.lower(): value for name, value in headers.items()}, raw=body)


def credentials(header: str) -> str:
    """The token of an Authorization header: a bearer's, or the password of basic authentication."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return value
    try:
        return base64.b64decode(value).decode().partition(":")[2]
    except ValueError:
        return ""
