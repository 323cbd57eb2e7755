"""From an environment to a forge: which token, which API, and which run this is."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from kerrigan.github.client import Client, unheard
from kerrigan.github.forge import GitHubForge
from kerrigan.model.event import Run

GITHUB = "https://github.com"


def connect(
    server_url: str, slug: str, environment: Mapping[str, str], *, say: Callable[[str], None] = unheard
) -> GitHubForge:
    """The forge on this server, asked with the token of the environment; `say` reports waits."""
    server = server_url.rstrip("/")
    variable = token_variable(server, environment)
    token = environment[variable].strip() if variable else None
    own, api = own_token(server, slug, environment), api_url(server, environment)
    client = Client(api, own or token, say=say)
    return GitHubForge(client, server, slug, variable, Client(api, token, say=say) if own else None)


def own_token(server: str, slug: str, environment: Mapping[str, str]) -> str | None:
    """The token of the workflow run in this repository that this process is part of, where there is another one too."""
    own, other = (environment.get(name, "").strip() for name in ("GITHUB_TOKEN", "KERRIGAN_TOKEN"))
    is_its_run = environment.get("GITHUB_ACTIONS") == "true" and _same(server, environment.get("GITHUB_SERVER_URL", ""))
    is_here = environment.get("GITHUB_REPOSITORY", "").casefold() == slug.casefold()
    return own if own and other and own != other and is_its_run and is_here else None


def token_variable(server: str, environment: Mapping[str, str]) -> str:
    """Where the first token stands that is set and meant for this server: none is ever sent to another."""
    own = environment.get("GITHUB_SERVER_URL", "").strip() or GITHUB
    names = ["KERRIGAN_TOKEN"]
    names += ["GITHUB_TOKEN"] if _same(server, own) else []
    names += ["GH_TOKEN"] if _same(server, GITHUB) else ["GH_ENTERPRISE_TOKEN"]
    return next((name for name in names if environment.get(name, "").strip()), "")


def run_of(environment: Mapping[str, str]) -> Run | None:
    """The workflow run that this process is part of: its id is `owner/name/<number>`."""
    slug, number = environment.get("GITHUB_REPOSITORY", ""), environment.get("GITHUB_RUN_ID", "")
    if not (slug and number.isdecimal()):
        return None
    attempt = environment.get("GITHUB_RUN_ATTEMPT", "")
    server = environment.get("GITHUB_SERVER_URL", GITHUB)
    url = f"{server}/{slug}/actions/runs/{number}"
    return Run(f"{slug}/{number}", int(attempt) if attempt.isdecimal() else 1, url)


def api_url(server: str, environment: Mapping[str, str]) -> str:
    """The API of a server: the environment's where that is about this server, else where GitHub puts it."""
    given = environment.get("GITHUB_API_URL", "").strip().rstrip("/")
    if given and _same(server, environment.get("GITHUB_SERVER_URL", "").strip() or GITHUB):
        return given
    if _same(server, GITHUB):
        return "https://api.github.com"
    url = urlsplit(server)
    if (url.hostname or "").endswith(".ghe.com"):
        return f"https://api.{url.hostname}"
    return f"{server}/api/v3"


def _same(server: str, other: str) -> bool:
    one, two = urlsplit(server), urlsplit(other.rstrip("/"))
    return (one.scheme, one.hostname, one.port, one.path) == (two.scheme, two.hostname, two.port, two.path)
