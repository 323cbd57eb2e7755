"""From a profile and a request to one invocation: argv, environment, HOME and the settings for this run alone."""

import json
import shutil
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from kerrigan.agents.process import Invocation
from kerrigan.agents.profile import Config, Dialogue, Profile
from kerrigan.agents.redact import secrets_of
from kerrigan.errors import UnreadableError
from kerrigan.model.attempt import Purpose

PASSED = frozenset(
    {
        "PATH", "LANG", "TERM", "TMPDIR",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
        "GIT_SSL_CAINFO",
    }
)  # fmt: skip
"""The variables that every agent gets; `LC_*` besides, and those that are named for it."""

GIT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "commit.gpgsign",
    "GIT_CONFIG_VALUE_0": "false",
    "GIT_CONFIG_KEY_1": "tag.gpgsign",
    "GIT_CONFIG_VALUE_1": "false",
}
"""git in an agent's hands: it asks for nothing, and signs nothing with a key of the machine's owner."""


@dataclass(frozen=True, slots=True)
class Request:
    """One attempt that is asked for.

    `folder` is the attempt's own, outside of `tree`, for settings and results. `environment` is the caller's, of which
    only little is passed on: `names` besides. `home` is a HOME for the agent alone, None where it is the user's, in
    which its login lives. `identity` is the name and address that commits get. `variables` are added as they are.
    """

    purpose: Purpose
    tree: Path
    folder: Path
    prompt: Path
    environment: Mapping[str, str]
    names: tuple[str, ...] = ()
    home: Path | None = None
    model: str = ""
    turns: int | None = None
    usd: Decimal | None = None
    identity: tuple[str, str] = ("kerrigan", "kerrigan@localhost")
    variables: Mapping[str, str] = field(default_factory=dict)


def prepare(profile: Profile, request: Request) -> Invocation:
    """Everything that the run of a request needs; settings are written into its folder.

    Raises UnreadableError where the agent's program is not on PATH.
    """
    session, marker = str(uuid.uuid4()), uuid.uuid4().hex
    request.folder.mkdir(parents=True, exist_ok=True)
    home = request.home or Path(request.environment.get("HOME") or Path.home())
    home.mkdir(parents=True, exist_ok=True)
    result = request.folder / "result.json"
    environment = {
        **_passed(request),
        **GIT,
        **_identity(request),
        **profile.environment,
        "HOME": str(home),
        "KERRIGAN_PROMPT": str(request.prompt),
        "KERRIGAN_RESULT": str(result),
        **request.variables,
    }
    if profile.config:
        environment[profile.config.variable] = _config(profile.config, request)
    return Invocation(
        argv=(program(profile, environment.get("PATH", "")), *_words(profile, request, session)),
        environment=environment,
        tree=request.tree,
        stdin=request.prompt,
        marker=marker,
        home=home,
        secrets=secrets_of(environment, [name for name in request.names if name not in profile.passes]),
        watched=tuple(pattern.replace("{session}", session) for pattern in profile.sessions),
        record=profile.record.replace("{session}", session) if profile.flags.session else "",
        result=result,
        retries=profile.stops,
        dialogue=_dialogue(profile, request),
    )


def _dialogue(profile: Profile, request: Request) -> Dialogue | None:
    if profile.dialogue is None:
        return None
    return profile.dialogue(request.tree, request.prompt.read_text(encoding="utf-8"), request.purpose)


def program(profile: Profile, path: str) -> str:
    """Where an agent's program is. Raises UnreadableError where it is not on PATH."""
    found = shutil.which(profile.program, path=path)
    if found is None:
        raise UnreadableError(
            f"{profile.program}, the program of agent {profile.name}, is not on PATH",
            kind="agent",
            next_step=f"npm install -g {profile.package}" if profile.package else "install it, or change PATH",
        )
    return found


def _passed(request: Request) -> dict[str, str]:
    named = {*PASSED, *request.names}
    return {name: value for name, value in request.environment.items() if name in named or name.startswith("LC_")}


def _identity(request: Request) -> dict[str, str]:
    name, address = request.identity
    roles = ("AUTHOR", "COMMITTER")
    return {f"GIT_{role}_{key}": value for role in roles for key, value in (("NAME", name), ("EMAIL", address))}


def _words(profile: Profile, request: Request, session: str) -> Iterator[str]:
    flags = profile.flags
    yield from profile.command
    yield from profile.roles.get(request.purpose, ())
    for flag, value in (
        (flags.model, request.model),
        (flags.session, session),
        (flags.turns, request.turns),
        (flags.usd, request.usd),
    ):
        if flag and value:
            yield from (flag, str(value))
    yield from profile.last


def _config(config: Config, request: Request) -> str:
    """The settings of a run: the path of the file that holds them, or the settings themselves."""
    content: dict[str, Any] = {**config.content, **config.roles.get(request.purpose, {})}
    if disabled := dict(_disabled(config, request.tree)):
        content["mcp"] = disabled
    if config.model and request.model:
        content[config.model] = request.model
    if config.turns and request.turns:
        section, _, key = config.turns.partition(".")
        content[section] = {**content.get(section, {}), key: request.turns}
    if config.inline:
        own = request.environment.get(config.variable, "") if config.variable in request.names else ""
        return json.dumps(_merged(_own(own), content))
    path = request.folder / f"{config.variable.lower()}.json"
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    path.chmod(0o600)
    return str(path)


def _own(text: str) -> dict[str, Any]:
    try:
        own = json.loads(text)
    except ValueError:
        return {}
    return own if isinstance(own, dict) else {}


def _merged(own: dict[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    """Ours over the caller's own, key by key: permissions are replaced as a whole, providers and models stay."""
    merged = {**own, **ours}
    for key, value in ours.items():
        mine = own.get(key)
        if key != "permission" and isinstance(mine, dict) and isinstance(value, Mapping):
            merged[key] = {**mine, **value}
    return merged


def _disabled(config: Config, tree: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in config.disables:
        path = tree / name
        if path.is_file() and not path.is_symlink() and path.stat().st_size < 1_000_000:
            servers = _own(path.read_text(encoding="utf-8", errors="replace")).get("mcpServers")
            for server in servers if isinstance(servers, dict) else ():
                yield server, {"type": "local", "command": ["true"], "enabled": False}
