"""Questions of who holds a task, and which one an answer is to."""

from kerrigan.decide.situation import Situation


def question_now(s: Situation) -> str | None:
    """The id of the open question that the request means: the one that it names, or the only one there is."""
    open_ = [question.id for question in s.standing.questions]
    named = s.request.data.get("question")
    if named is not None:
        return named if named in open_ else None
    return open_[0] if len(open_) == 1 else None


def questioned(s: Situation) -> str | None:
    """A question about the task is open, and is the one that is named, or the only one."""
    if question_now(s):
        return None
    if not s.standing.questions:
        return f"{s.task.id} has no open question"
    ids = ", ".join(f"{question.id} ('{question.text[:60]}')" for question in s.standing.questions)
    return f"{s.task.id} has several open questions, and none of them is named: {ids}"
