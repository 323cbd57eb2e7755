"""The emulator behind the box: a process of Node.js that keeps issues, pull requests, reviews, checks and Apps."""

import json
import re
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import urllib3
import yaml

from tests.box.commands import clean
from tests.box.identities import KEEPER, KEEPER_TOKEN, Identities, app_key
from tests.box.messages import Answer
from tests.box.repository import Repository
from tests.box.tools import Tools

API_ROOTS = r"(repos|repositories|users|user|orgs|organizations|teams|app|installations|search|rate_limit)\b"
SCOPES = ["repo", "user", "admin:org", "admin:repo_hook", "workflow"]
KEPT_HEADERS = ("link", "x-ratelimit")
BOOT_SECONDS = 20


class Emulator:
    """One process, and questions to it. `public` is the address that callers of the box know."""

    def __init__(self, tools: Tools, folder: Path, public: str) -> None:
        self._tools, self._folder, self._public = tools, folder, public
        self._url = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._pool = urllib3.PoolManager(maxsize=16, retries=False)

    def start(self, seed: Mapping[str, Any]) -> None:
        """Start it with this seed. Raises RuntimeError."""
        (self._folder / "seed.yaml").write_text(yaml.safe_dump(seed), encoding="utf-8")
        for _ in range(3):  # a free port may be taken before the emulator listens
            self._launch()
            if self._is_up():
                return
            self.stop()
        raise RuntimeError("the emulator did not start: " + (self._folder / "emulator.log").read_text("utf-8"))

    def _launch(self) -> None:
        port = _free_port()
        self._url = f"http://localhost:{port}"
        self._log = (self._folder / "emulator.log").open("wb")
        words = [self._tools.node, self._tools.emulate, "--service", "github", "--port", str(port)]
        words += ["--seed", str(self._folder / "seed.yaml")]
        environment = clean(HOME=str(self._folder))
        self._process = subprocess.Popen(words, stdout=self._log, stderr=self._log, env=environment)

    def _is_up(self) -> bool:
        end = time.monotonic() + BOOT_SECONDS
        while time.monotonic() < end and self._process and self._process.poll() is None:
            try:
                self.ask("GET", "/meta")
            except urllib3.exceptions.HTTPError:
                time.sleep(0.02)
            else:
                return True
        return False

    def stop(self) -> None:
        """End it."""
        self._pool.clear()
        if self._process:
            self._process.terminate()
            self._process.wait(10)
        if self._log:
            self._log.close()

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        token: str = KEEPER_TOKEN,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask it as the box's own account, or with another token; the addresses in the answer are the box's."""
        asked = {**(headers or {}), **({"authorization": "Bearer " + token} if token else {})}
        content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        response = self._pool.request(method, self._url + path, body=content, headers=asked, timeout=60)
        kept = {name: self.public(value) for name, value in response.headers.items() if _is_kept(name)}
        text = self.public(response.data.decode())
        try:
            return Answer(response.status, json.loads(text) if text else None, kept)
        except ValueError:
            return Answer(response.status, None, kept, raw=text.encode())

    def every(self, path: str) -> list[Any]:
        """All pages of a list."""
        rows: list[Any] = []
        page = 1
        while True:
            fresh = self.ask("GET", f"{path}{'&' if '?' in path else '?'}per_page=100&page={page}").body
            rows += fresh
            if len(fresh) < 100:
                return rows
            page += 1

    def public(self, text: str) -> str:
        """A text with the box's addresses in place of the emulator's own."""
        text = re.sub(re.escape(self._url) + "/(?=" + API_ROOTS + ")", self._public + "/api/v3/", text)
        # References are read below /git/ref/ but written below /git/refs/, which is what clients keep.
        return text.replace(self._url, self._public).replace("/git/ref/", "/git/refs/")


def seed(repositories: Mapping[str, Repository], who: Identities) -> dict[str, Any]:
    """What the emulator starts with. Every user is an administrator there: the roles are kept by the box."""
    owners = sorted({repository.owner for repository in repositories.values()})
    members = [{"login": login, "role": "admin"} for login in (KEEPER, *who.users)]
    github = {
        "users": [{"login": login} for login in (KEEPER, *who.users)],
        "orgs": [{"login": owner, "members": members} for owner in owners],
        "repos": [
            {"owner": one.owner, "name": one.name, "private": True, "auto_init": False} for one in repositories.values()
        ],
        "apps": [_app(slug, who, owners) for slug in who.apps],
    }
    return {
        "tokens": {token: {"login": login, "scopes": SCOPES} for token, login in who.logins().items()},
        "github": github,
    }


def _app(slug: str, who: Identities, owners: list[str]) -> dict[str, Any]:
    app, app_id = who.apps[slug], who.app_ids[slug]
    chosen = {"repository_selection": "all" if app.repos is None else "selected", "repositories": list(app.repos or ())}
    return {
        "app_id": app_id,
        "slug": slug,
        "name": slug,
        "private_key": app_key(),
        "events": [],
        "permissions": {**app.permissions, "metadata": "read"},
        "installations": [
            {"installation_id": installation(app_id, number), "account": owner, **chosen}
            for number, owner in enumerate(owners)
        ],
    }


def installation(app_id: int, owner: int) -> int:
    """The id of an App's installation at the owner of this number."""
    return app_id * 10 + owner


def _is_kept(name: str) -> bool:
    return name.lower().startswith(KEPT_HEADERS)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
