"""One walk: acts by chance, events that arrive as they like, faults of the API, and a look at everything in between."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.box import Fault
from tests.box.activity import Event
from tests.walk.invariants import findings, journal
from tests.walk.talk import ACTS
from tests.walk.world import FAILED, FINE, REPOSITORIES, World, world

FAULTS = (
    *(Fault(method, path, status) for method, path in (("GET", "/pulls"), ("GET", "/commits/"), ("GET", "/compare/"),
      ("GET", "/git/ref/"), ("POST", "/statuses/"), ("PUT", "/labels$"), ("POST", "/dispatches$"), ("POST", "/pulls$"),
      ("POST", "/reactions$"), ("POST", "/comments$"), ("GET", "/permission$")) for status in (502, 403, None)),
    Fault("POST", "/git-receive-pack$", None, times=3),
    Fault("POST", "/statuses/", 502, when="after"),
    Fault("POST", "/git-receive-pack$", None, when="after"),
)  # fmt: skip
"""What may go wrong while an event is heard."""

FATES = {"now": 60, "lost": 12, "twice": 10, "late": 18}
"""What becomes of an event, and how often in a hundred."""


class WalkError(AssertionError):
    """Something does not hold; the message has the seed and everything that was done."""


def walk(folder: Path, seed: int, steps: int) -> Counter[str]:
    """Walk; how often each type of event came of it comes back. Raises WalkError with the trace, MissingToolError."""
    with world(folder, seed) as here:
        try:
            for _ in range(steps):
                _step(here)
            _look(here)
        except Exception as error:
            trace = "\n".join(here.trace)
            raise WalkError(f"seed {seed}, step {len(here.trace)}: {error}\n{trace}") from error
        return Counter(event["type"] for event in journal(here))


def _step(here: World) -> None:
    act = here.chance.choices(list(ACTS), list(ACTS.values()))[0]
    said = act(here)
    if said is None:
        return
    here.say(said)
    _deliver(here)
    if here.chance.random() < 0.4:
        _look(here)


def _deliver(here: World) -> None:
    """Let what was announced arrive, until nothing more is: what a workflow does may be heard by another one."""
    waiting = here.listen()
    here.chance.shuffle(here.pending)
    if here.pending and here.chance.random() < 0.5:
        waiting.append(here.pending.pop())
    while waiting:
        event = waiting.pop(0)
        fate = here.chance.choices(list(FATES), list(FATES.values()))[0]
        here.say(f"  {event.slug}: {event.name} {event.action or ''} by {event.actor} arrives {fate}")
        if fate == "late":
            here.pending.append(event)
        for _ in range({"now": 1, "twice": 2}.get(fate, 0)):
            _arrive(here, event)
            waiting += here.listen()


def _arrive(here: World, event: Event) -> None:
    if here.chance.random() >= 0.15:
        here.arrive(event, FINE)
        return
    fault = here.chance.choice(FAULTS)
    here.say(f"    and {fault.method} {fault.path} gets {fault.status} {fault.when}")
    with here.fault(fault):
        here.arrive(event, FAILED)


def _look(here: World) -> None:
    """Reconcile both repositories, let all arrive that this sends, and look at everything."""
    here.say("  both repositories are reconciled")
    for slug in REPOSITORIES:
        here.workflow(slug, "reconcile", codes=(0,))
    for _ in range(5):
        waiting = [event for event in here.listen() if event.action != "kerrigan-task"]
        if not waiting:
            break
        for event in waiting:
            here.arrive(event)
    found = list(findings(here)) + list(_restless(here))
    assert not found, "\n".join(found)


def _restless(here: World) -> Iterator[str]:
    """What a second look still finds to do."""
    if here.chance.random() < 0.7:
        return
    before, requests = len(journal(here)), len(here.box.activity.requests)
    for slug in REPOSITORIES:
        here.workflow(slug, "reconcile", codes=(0,))
    here.listen()
    events = journal(here)[before:]
    if any(event["type"].startswith("dispatch_") for event in events):
        return  # nobody has answered it in time, so it is sent again
    for event in events:
        yield f"a second reconcile writes {event['type']} of {event['task']}: {event['data']}"
    for seen in here.box.activity.requests[requests:]:
        if seen.method != "GET" and not seen.target.endswith(("upload-pack", "graphql")):
            yield f"a second reconcile writes {seen.method} {seen.target}"
