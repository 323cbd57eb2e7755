"""The offline GitHub itself: what it promises to the tests that stand on it."""

import pytest

from tests.box import OfflineGitHub

pytest_plugins = ["tests.box.plugin"]
pytestmark = pytest.mark.box

WORKFLOWS = ".github/workflows/"
PING = """
name: ping
on: {push: {branches: [work]}, issues: {types: [labeled]}}
permissions: {contents: write}
jobs:
  ping:
    runs-on: ubuntu-24.04
    steps:
      - run: test -z "$(ls -A)"
      - uses: actions/checkout@v4
      - run: test "$(git rev-parse HEAD)" = "$GITHUB_SHA"
      - run: >
          curl -fsS -X POST -H "authorization: Bearer ${{ secrets.REMOTE }}" -H 'content-type: application/json'
          "$GITHUB_API_URL/repos/acme/web/dispatches" -d '{"event_type": "pong", "client_payload": {"key": "k1"}}'
"""
PONG = """
name: pong
on: {repository_dispatch: {types: [pong]}}
jobs:
  pong:
    runs-on: ubuntu-24.04
    steps:
      - run: echo "key ${{ github.event.client_payload.key }}"
"""


def test_a_push_starts_a_run_that_wakes_another_repository(offline_github: OfflineGitHub) -> None:
    box = offline_github({"acme/api": {WORKFLOWS + "ping.yml": PING}, "acme/web": {WORKFLOWS + "pong.yml": PONG}})
    box.secrets["acme/api"] = {"REMOTE": box.token("ada")}
    box.push("acme/api", "work", {"a.txt": "a\n"})
    box.settle()
    assert [(run.slug, run.event, run.conclusion) for run in box.runs] == [
        ("acme/api", "push", "success"),
        ("acme/web", "repository_dispatch", "success"),
    ], [run.text() for run in box.runs]
    assert "key k1" in box.runs[1].text()
    box.assert_in_step()
