"""The story of `kerrigan demo`: a project over two repositories, from a broken plan to the end. All of it happens."""

import json
import time
from pathlib import Path

from kerrigan.demo.narrator import DIM, GREEN, RED, YELLOW, Narrator
from kerrigan.demo.world import API, WEB, Ran, StoryError, World
from kerrigan.local.deliveries import take
from kerrigan.local.merge import merge

PLAN = "specs/projects/todo/tasks.yml"
BROKEN = (
    "    repository: api\n    paths: [docs/openapi.yml]",
    "    repository: api\n    depends_on: [screen]\n    paths: [docs/openapi.yml]",
)
REASON = "no error format in the contract"
MET = ("1: met, GET /todos is there", "2: met, one schema for all errors")


def play(world: World, tell: Narrator) -> None:
    """Play every scene. Raises StoryError when something does not happen as it must."""
    world.settle()
    _plan(world, tell)
    _race(world, tell)
    _review(world, tell)
    lost = _lost_dispatch(world, tell)
    _other_repository(world, tell, lost)
    _gate(world, tell)
    _end(world, tell)


def _plan(world: World, tell: Narrator) -> None:
    tell.scene("Two repositories, one plan: acme/todo-api is home, acme/todo-web follows")
    world.publish(API, {PLAN: BROKEN})
    world.publish(WEB, {})
    folder = world.clone("ana", API)
    tell.command("ana", "kerrigan check")
    found = world.kerrigan("ana", API, "check").expect(1)
    tell.say(found.out, RED)
    _must("todo/contract -> todo/screen -> todo/contract" in found.out, "the check names the cycle")

    tell.scene("The plan is fixed, and published")
    path = folder / PLAN
    path.write_text(path.read_text(encoding="utf-8").replace(BROKEN[1], BROKEN[0]), encoding="utf-8")
    tell.command("ana", "kerrigan check && git push")
    tell.say(world.kerrigan("ana", API, "check").expect().out, GREEN)
    world.git("commit", "-q", "-a", "-m", "Let the contract come first", cwd=folder)
    world.git("push", "-q", "origin", "main", cwd=folder)
    tell.command("ana", "kerrigan tasks")
    tell.say(world.kerrigan("ana", API, "tasks").expect().out)


def _race(world: World, tell: Narrator) -> None:
    tell.scene("Two agents reach for the same task at the same moment")
    ran = world.agents("todo/contract", API, "ada", "bo")
    winners = [r for r in ran if r.code == 0]
    losers = [r for r in ran if r.code == 5]
    _must(len(winners) == len(losers) == 1, f"one of two wins, found codes {[r.code for r in ran]}")
    tell.events(world.news())
    refused = json.loads(losers[0].out)["refused"]
    tell.say(f"{losers[0].words[0]} was refused (exit 5): {refused['reason']}", YELLOW)
    _must(refused["holder"]["login"] == winners[0].words[0], "the loser is told who holds the task")


def _review(world: World, tell: Narrator) -> None:
    tell.scene("Tests, and a reviewer who is not content")
    _test(world, tell, API, "contract")
    tell.command("ana", f"kerrigan task reject todo/contract --reason '{REASON}'")
    world.kerrigan("ana", API, "task", "reject", "todo/contract", "--reason", REASON).expect()
    tell.events(world.news())

    tell.scene("The next attempt knows why, and fixes exactly that")
    _work(world, tell, API, "contract", "ada")
    message = world.git("log", "-1", "--format=%B", "kerrigan/todo/contract", cwd=world.root / "forge" / f"{API}.git")
    _must(REASON in message, "the reason reached the second attempt")
    _test(world, tell, API, "contract")
    tell.say("an approval answers each acceptance criterion; less than 'met' would be refused", DIM)
    world.kerrigan("ana", API, "task", "approve", "todo/contract", *(f"--criterion={line}" for line in MET)).expect()
    tell.events(world.news())


def _lost_dispatch(world: World, tell: Narrator) -> Path:
    tell.scene("The merge completes the task and wakes the other repository, but the delivery is lost")
    _merge(world, tell, API, 1)
    waiting = world.forge.deliveries(WEB)
    _must(len(waiting) == 1, f"one dispatch waits for acme/todo-web, found {len(waiting)}")
    lost = waiting[0].rename(world.root / "work" / "lost.json")
    tell.say("the forge accepted the dispatch, and acme/todo-web never heard of it", YELLOW)
    time.sleep(1.1)  # the deadline in the example's kerrigan.yml is one second
    tell.command("ana", "kerrigan reconcile")
    world.kerrigan("ana", API, "reconcile").expect()
    tell.events(world.news())
    return lost


def _other_repository(world: World, tell: Narrator, lost: Path) -> None:
    tell.scene("The second delivery arrives: wren takes the task in acme/todo-web, and that is the answer")
    _deliver(world, "wren").expect()
    tell.events(world.news())
    late = world.kerrigan("wren", WEB, "event", "--name", "repository_dispatch", "--payload", str(lost))
    tell.say(f"the lost one turns up late: {late.expect().out.strip()}", YELLOW)
    _must("answered already" in late.out, "the late delivery is recognised by its key")
    _work(world, tell, WEB, "screen", "wren")
    _test(world, tell, WEB, "screen")
    tell.say("its risk is low, so no review is needed", DIM)
    _merge(world, tell, WEB, 1)


def _gate(world: World, tell: Narrator) -> None:
    tell.scene("Someone starts the release early; the gate does not let it merge")
    early = ("task", "claim", "todo/release", "--force", "--reason", "the notes can be written early")
    tell.command("ana", f"kerrigan {' '.join(early[:4])} --reason '{early[5]}'")
    world.kerrigan("ana", WEB, *early).expect()
    _work(world, tell, WEB, "release", "ana")
    _test(world, tell, WEB, "release")
    tell.command("ana", "kerrigan gate --pr 2")
    tell.say(world.kerrigan("ana", WEB, "gate", "--pr", "2").expect(1).out, RED)
    before = world.gate_status(WEB, 2)

    tell.scene("endpoint is done in acme/todo-api, and the gate in acme/todo-web turns green automatically")
    _work(world, tell, API, "endpoint", "bo")
    _test(world, tell, API, "endpoint")
    _merge(world, tell, API, 2)
    _deliver(world, "wren").expect()
    tell.events(world.news())
    after = world.gate_status(WEB, 2)
    tell.say(f"kerrigan/gate on acme/todo-web#2: {before} -> {after}", GREEN)
    _must((before, after) == ("failure", "success"), "the gate turns green")
    _merge(world, tell, WEB, 2)


def _end(world: World, tell: Narrator) -> None:
    tell.scene("The end")
    tell.command("ana", "kerrigan status && kerrigan audit verify")
    tell.say(world.kerrigan("ana", API, "status").expect().out)
    tell.say(world.kerrigan("ana", API, "audit", "verify").expect().out, GREEN)
    tasks = world.kerrigan("ana", API, "tasks", "--json").expect().json()["tasks"]
    _must(all(task["status"] == "done" for task in tasks), "every task is done")
    tell.say(f"{world.told} events, {tell.seconds:.0f} seconds", DIM)


def _work(world: World, tell: Narrator, slug: str, task: str, who: str) -> None:
    (ran,) = world.agents(f"todo/{task}", slug, who)
    ran.expect()
    tell.events(world.news())


def _test(world: World, tell: Narrator, slug: str, task: str) -> None:
    ran = world.run_tests("tess", slug, f"kerrigan/todo/{task}").expect()
    tell.command("tess", f"python -m unittest  # {ran.err.strip().splitlines()[-1]}")
    world.kerrigan("tess", slug, "task", "pass-tests", f"todo/{task}").expect()
    tell.events(world.news())


def _merge(world: World, tell: Narrator, slug: str, number: int) -> None:
    payload = world.root / "work" / "merged.json"
    payload.write_text(json.dumps(merge(world.forge, slug, number, "ana")), encoding="utf-8")
    tell.say(f"ana merges {slug}#{number}", DIM)
    world.kerrigan("ana", slug, "event", "--name", "pull_request", "--payload", str(payload)).expect()
    tell.events(world.news())


def _deliver(world: World, who: str) -> Ran:
    """Hand the oldest waiting dispatch of acme/todo-web to its receiver, as a runner would."""
    waiting = world.forge.deliveries(WEB)
    _must(bool(waiting), "a dispatch waits for acme/todo-web")
    payload = take(waiting[0])
    return world.kerrigan(who, WEB, "event", "--name", "repository_dispatch", "--payload", str(payload))


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise StoryError(
            f"the story went wrong where {what}",
            kind="demo",
            next_step="please report this text; `kerrigan demo --keep DIR` leaves the repositories",
        )
