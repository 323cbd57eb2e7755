"""Requests to GitHub's API: the only place that knows PyGithub, and where its traps are closed.

Nothing is ever sent twice that may have had an effect: only reads are repeated after a dropped connection or a 5xx.
What a rate limit refused had none, so that is repeated whatever it was, after the wait that GitHub asks for.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from secrets import randbelow
from typing import TypeVar
from urllib.parse import urlsplit

from github import Auth, Github, GithubException
from requests.exceptions import ProxyError, RequestException

from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.github.response import ApiRequest, Json, Response

T = TypeVar("T")
Query = str | int

_VERSION = "2022-11-28"
_TIMEOUT = 20
_READS = 3
"""How often a read is asked before a broken connection or a 5xx is believed."""
_PAGES = 100
"""No list is longer than this many pages of a hundred."""
_TOKEN = re.compile("[!-~]+")
_SYSTEM = re.compile(r"(?:\[Errno -?\d+\] |Error\(\d+, '|Disconnected\(')([\w ]+)")
"""What the system said, as in `[Errno 111] Connection refused`."""
_AROUND = re.compile(r"^HTTPS?ConnectionPool\([^)]*\): (?:.* \(Caused by )?")
_BETWEEN_WRITES = 0.35
"""Seconds: GitHub counts 5 points a write and allows 900 a minute."""
_MOVED = {307, 308}
_GONE = {404, 409}
"""What reads answer where there is nothing: 409 is an empty repository."""


def unheard(line: str) -> None:
    """Where no one watches."""


@dataclass(slots=True)
class Client:
    """Talks to the API at `api_url` with the account of `token`, or with none.

    `patience` is how many seconds it still waits for rate limits, before it says that it could not decide; `say`
    takes a line of the story, for people who watch it wait.
    """

    api_url: str
    token: str | None = field(default=None, repr=False)
    patience: float = 90.0
    say: Callable[[str], None] = field(default=unheard, repr=False)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.time
    between_writes: float = _BETWEEN_WRITES
    _github: Github = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.token is not None and not _TOKEN.fullmatch(self.token):
            raise UnreadableError(
                "the token holds characters that no token has", kind="token", next_step="set KERRIGAN_TOKEN once more"
            )
        if not self.api_url.startswith(("https://", "http://")):
            raise UnreadableError(
                f"{self.api_url[:80]!a} is no address of an API",
                kind="api-url",
                next_step="correct GITHUB_API_URL, or unset it",
            )
        self._github = Github(
            auth=Auth.Token(self.token) if self.token else None,
            base_url=self.api_url,
            timeout=_TIMEOUT,
            user_agent="kerrigan",
            per_page=100,
            retry=None,
            seconds_between_requests=0,
            seconds_between_writes=self.between_writes,
            api_version=_VERSION,
        )

    def close(self) -> None:
        """End the connection."""
        self._github.close()

    def get(self, path: str, read: Callable[[Json], T], **query: Query) -> T:
        """What `read` makes of the answer. Raises UndecidedError or UnreadableError where there is none."""
        return _understood(self._checked(ApiRequest("GET", path, query)), read)

    def look(self, path: str) -> Response:
        """Whatever GitHub answers to a read, refusals too. Raises UndecidedError where it does not answer."""
        return self._send(ApiRequest("GET", path))

    def find(self, path: str, read: Callable[[Json], T], **query: Query) -> T | None:
        """The same, and None where GitHub says that there is no such thing, or that the token may not see it."""
        answer = self._send(ApiRequest("GET", path, query))
        if answer.status in _GONE:
            return None
        return _understood(_good(answer), read)

    def query(self, query: str, read: Callable[[Json], T], **variables: Json) -> T:
        """What `read` makes of the data of a GraphQL query, which changes nothing."""
        body = {"query": query, **({"variables": variables} if variables else {})}
        ask = ApiRequest("POST", self._github.requester.graphql_url, body=body)
        return _understood(self._checked(ask), lambda raw: read(raw["data"]))

    def pages(self, path: str, read: Callable[[Json], T], key: str = "", **query: Query) -> Iterator[T]:
        """Every element of a list, page by page; `key` names the list where the answer is an object around it."""
        ask = ApiRequest("GET", path, {"per_page": 100, **query})
        for _ in range(_PAGES):
            answer = self._checked(ask)
            yield from _understood(answer, lambda raw: [read(each) for each in (raw[key] if key else raw)])
            if answer.next_page is None:
                return
            ask = ApiRequest("GET", answer.next_page)
        raise UndecidedError(
            f"GET {path} has more than {_PAGES} pages", kind="too-much", next_step="close or delete what is old"
        )

    def post(self, path: str, body: Mapping[str, Json], read: Callable[[Json], T]) -> T:
        """Make something. Raises UndecidedError where no one knows whether it was made: look before asking again."""
        return _understood(self._checked(ApiRequest("POST", path, body=body)), read)

    def patch(self, path: str, body: Mapping[str, Json]) -> None:
        """Change something."""
        self._checked(ApiRequest("PATCH", path, body=body))

    def put(self, path: str, body: Mapping[str, Json]) -> None:
        """Replace something."""
        self._checked(ApiRequest("PUT", path, body=body))

    def delete(self, path: str) -> None:
        """Remove something; what is not there any more is fine."""
        answer = self._send(ApiRequest("DELETE", path))
        if answer.status != 404:
            _good(answer)

    def _checked(self, ask: ApiRequest) -> Response:
        return _good(self._send(ask))

    def _send(self, ask: ApiRequest) -> Response:
        """The answer that is not worth asking again for."""
        reads = _READS if ask.reads else 1
        while True:
            reads -= 1
            try:
                answer = self._once(ask)
            except UndecidedError:
                if reads <= 0:
                    raise
                self._rest()
                continue
            if answer.limited:
                reads += 1
                self._wait(answer)
            elif moved := self._moved(answer):
                ask = replace(ask, path=moved)
            elif answer.status < 500 or reads <= 0:
                return answer
            else:
                self._rest()

    def _once(self, ask: ApiRequest) -> Response:
        try:
            # Unchecked: PyGithub's own check says nothing of a 307, which then looks like a success.
            status, headers, text = self._github.requester.requestJson(
                ask.verb, ask.path, dict(ask.query), None, ask.body
            )
        except (GithubException, RequestException, RuntimeError) as error:
            where = urlsplit(self.api_url).netloc + (" through the proxy" if isinstance(error, ProxyError) else "")
            raise UndecidedError(
                f"no answer from {where}: {_reason(self._redacted(str(error)))}",
                kind="network",
                next_step=f"check that {self.api_url} can be reached, then try again",
            ) from None
        return Response(ask, status, headers, self._redacted(text))

    def _wait(self, limited: Response) -> None:
        pause = limited.pause(self.clock())
        if pause > self.patience:
            raise limited.error()
        self.say(f"GitHub's rate limit: waiting {pause:.0f} s")
        self.patience -= pause
        self.sleep(pause)

    def _rest(self) -> None:
        self.sleep((500 + randbelow(1000)) / 1000)

    def _moved(self, answer: Response) -> str | None:
        """Where a renamed repository's writes go, once: reads are taken there by PyGithub itself."""
        location = answer.headers.get("location", "")
        ours = location.startswith(f"{self.api_url.rstrip('/')}/") and answer.ask.path.startswith("/")
        return location if ours and answer.status in _MOVED else None

    def _redacted(self, text: str) -> str:
        return text.replace(self.token, "***") if self.token else text


def _reason(told: str) -> str:
    """What the system says went wrong, out of what the layers above it have put around it."""
    words = _SYSTEM.search(told)
    return words[1].strip() if words else _AROUND.sub("", told)[:200]


def _good(answer: Response) -> Response:
    if not answer.good:
        raise answer.error()
    return answer


def _understood(answer: Response, read: Callable[[Json], T]) -> T:
    """What was read of an answer. Raises UndecidedError for one that lacks what GitHub documents."""
    try:
        return read(answer.json)
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, UnreadableError) as error:
        raise answer.not_understood(f"{type(error).__name__} {error}") from error
