"""What people do to the box from outside: requests to its API, and pushes from clones of their own."""

import base64
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import urllib3

from tests.box.commands import git, git_agrees
from tests.box.messages import Answer
from tests.box.repository import HEADS, identity

Files = Mapping[str, str]


class Client:
    """Speaks to one address with whatever token it is given."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.api = url + "/api/v3"
        self._pool = urllib3.PoolManager(retries=False)

    def close(self) -> None:
        """Let the connections go."""
        self._pool.clear()

    def ask(self, token: str, method: str, path: str, body: object = None) -> Answer:
        """One request to the API."""
        headers = {"authorization": "Bearer " + token, "content-type": "application/json"}
        content = None if body is None else json.dumps(body).encode()
        response = self._pool.request(method, self.api + path, body=content, headers=headers)
        told = json.loads(response.data) if response.data else None
        return Answer(response.status, told, {name.lower(): value for name, value in response.headers.items()})

    def push(self, token: str, slug: str, branch: str, files: Files, author: str, message: str) -> str:
        """Commit files onto a branch in a new clone, and push it; the commit comes back. Raises CommandError."""
        environment = self.git_environment(token)
        with tempfile.TemporaryDirectory() as folder:
            at = Path(folder)
            git("clone", "-q", f"{self.url}/{slug}.git", ".", at=at, env=environment)
            is_there = git_agrees("rev-parse", "-q", "--verify", f"origin/{branch}", at=at)
            git("checkout", "-q", "-B", branch, *([f"origin/{branch}"] if is_there else []), at=at)
            for name, text in files.items():
                (at / name).parent.mkdir(parents=True, exist_ok=True)
                (at / name).write_text(text, encoding="utf-8")
            git("add", "-A", at=at)
            git("commit", "-q", "--allow-empty", "-m", message, at=at, env=identity(author))
            git("push", "-q", "origin", f"HEAD:{HEADS}{branch}", at=at, env=environment)
            return git("rev-parse", "HEAD", at=at)

    def git_environment(self, token: str) -> dict[str, str]:
        """What lets git reach the box with a token, without writing it anywhere."""
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        return {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{self.url}/.extraheader",
            "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {basic}",
        }
