"""Dispatches of both kinds, and the list of runs."""

import json

from tests.box.events import Events
from tests.box.messages import NOT_FOUND, Answer, said
from tests.box.repository import HEADS
from tests.box.routes import Call, Route
from tests.box.runs import HELD, Run, Runs
from tests.box.workflows import FOLDER, WorkflowError, parse

LONGEST_TYPE, MOST_KEYS, MOST_CHARACTERS = 100, 10, 65_535


class Dispatches:
    """Starts workflows when asked over the API."""

    def __init__(self, events: Events, runs: Runs, server: str) -> None:
        self._events, self._runs, self._server = events, runs, server

    def routes(self) -> list[Route]:
        """What is answered here."""
        return [
            Route("POST", "/dispatches", "contents", "write", self._repository),
            Route("POST", "/actions/workflows/([^/]+)/dispatches", "actions", "write", self._workflow),
            Route("GET", "/actions/runs", "actions", "read", self._list),
            Route("GET", r"/actions/runs/(\d+)", "actions", "read", self._one),
            Route("POST", r"/actions/runs/(\d+)/approve", "actions", "write", self._approve),
        ]

    def _repository(self, call: Call) -> Answer:
        kind, payload = call.body.get("event_type"), call.body.get("client_payload") or {}
        if not isinstance(kind, str) or not kind:
            return said(422, 'Invalid request.\n\n"event_type" wasn\'t supplied.')
        if len(payload) > MOST_KEYS:
            supplied = f"No more than {MOST_KEYS} properties are allowed; {len(payload)} were supplied."
            return said(422, f"Invalid request.\n\n{supplied}")
        if len(kind) > LONGEST_TYPE or len(json.dumps(payload)) > MOST_CHARACTERS:
            return said(422, "Invalid request.\n\nevent_type or client_payload is too large.")
        event = {"action": kind, "branch": "main", "client_payload": payload}
        self._events.announce(call.repo.slug, "repository_dispatch", event, call.who.login)
        return Answer(204)

    def _workflow(self, call: Call) -> Answer:
        path = f"{FOLDER}/{call.words[0]}"
        ref = HEADS + str(call.body.get("ref", "")).removeprefix(HEADS)
        text = call.repo.file(path, ref)
        if text is None:
            return NOT_FOUND
        try:
            asked = parse(path, text).on
        except WorkflowError as error:
            return said(422, str(error))
        if "workflow_dispatch" not in asked:
            return said(422, "Workflow does not have 'workflow_dispatch' trigger")
        event = {"inputs": call.body.get("inputs") or {}, "ref": ref, "workflow": path}
        slug, login = call.repo.slug, call.who.login
        self._events.announce(slug, "workflow_dispatch", event, login, file=call.words[0], ref=ref)
        return Answer(204)

    def _list(self, call: Call) -> Answer:
        rows = [run.shown(self._server) for run in self._of(call) if _is_asked(run, call)]
        return Answer(200, {"total_count": len(rows), "workflow_runs": rows[::-1]})

    def _one(self, call: Call) -> Answer:
        rows = [run.shown(self._server) for run in self._of(call) if str(run.id) == call.words[0]]
        return Answer(200, rows[0]) if rows else NOT_FOUND

    def _approve(self, call: Call) -> Answer:
        for run in self._of(call):
            if str(run.id) == call.words[0] and run.status == HELD:
                self._runs.approve(run)
                return Answer(201, {})
        return said(403, "This run is not awaiting approval")

    def _of(self, call: Call) -> list[Run]:
        return [run for run in self._runs.all if run.slug == call.repo.slug]


def _is_asked(run: Run, call: Call) -> bool:
    shown = run.shown("")
    of_run = {"status": (shown["status"], shown["conclusion"]), "head_sha": (run.head,), "event": (run.event,)}
    return all(call.query[name] in values for name, values in of_run.items() if name in call.query)
