"""What wrong definitions keep from being decided: `guards` lists the guard with the others."""

from kerrigan.decide.situation import Situation

OF_THE_WORK = frozenset({"artifacts", "checked", "commits", "delivered", "pushed", "same_head", "tried"})
"""The guards that ask about the task's branch, which is in its repository."""


def defined(s: Situation) -> str | None:
    """Nothing is wrong in what the task, its project and kerrigan.yml say: what cannot be read may be a rule."""
    problems = s.project.against(s.task)
    if not problems:
        return None
    return f"the definition of {s.task.id} is wrong at {problems[0].text}"


def located(s: Situation, must: tuple[str, ...]) -> str | None:
    """Its project lists the repository of the task, where one of these guards asks about that."""
    if s.project.slug(s.task) or not OF_THE_WORK & set(must):
        return None
    return defined(s) or f"{s.task.id} is in the repository '{s.task.repository}', which its spec.md does not list"
