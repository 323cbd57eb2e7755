"""Whether work comes to an end: files that are handed in again as they were before go back and forth.

What a file was is told by git's id of its contents, so neither a moved base nor another commit message hides it.
"""

import hashlib
from collections.abc import Mapping

Made = Mapping[str, tuple[str, ...]]
"""What each file was in the submissions so far, the latest last; the same twice in a row counts once."""

TIMES = 3
"""A file that is the same for the third time, with something else in between each time, is not converging."""

KEPT = 8
"""As many contents of a file are remembered."""

FILES, CHARACTERS = 40, 1500
"""A submission of more files than these, or with longer paths, is remembered as one: the journal's lines stay short."""

ALL = ""
"""The name under which a submission of too many files is remembered."""

AS_THERE = "="
"""What a file is that a submission before has changed, and this one leaves as the default branch has it."""

_ID = 12


def brief(made: Mapping[str, str]) -> dict[str, str]:
    """What was made, as short as the journal holds it."""
    if len(made) <= FILES and sum(map(len, made)) <= CHARACTERS:
        return {path: made[path][:_ID] for path in sorted(made)}
    whole = "\0".join(f"{path}\0{made[path]}" for path in sorted(made))
    return {ALL: hashlib.sha256(whole.encode(errors="surrogateescape")).hexdigest()[:_ID]}


def remembered(before: Made, made: Mapping[str, str]) -> Made:
    """What is known of each file after one more submission; nothing new after one that no one looked at."""
    now = {**dict.fromkeys(before, AS_THERE), **made} if made and ALL not in made else made
    return {**before, **{path: _with(before.get(path, ()), found) for path, found in now.items()}}


def _with(before: tuple[str, ...], found: str) -> tuple[str, ...]:
    return before if before[-1:] == (found,) else (*before, found)[-KEPT:]


def back_and_forth(before: Made, made: Mapping[str, str]) -> str | None:
    """Why a submission shows that the work goes back and forth, or None.

    It does when every file that it changes is again as it was once before, or one of them for the third time.
    """
    now = brief(made)
    changed = [path for path, found in now.items() if before.get(path, ())[-1:] != (found,)]
    again = [path for path in changed if now[path] in before.get(path, ())]
    stubborn = [path for path in again if (*before[path], now[path]).count(now[path]) >= TIMES]
    if again and again == changed:
        return f"not converging: {_named(again)} as handed in once before, and changed in between"
    return f"not converging: {_named(stubborn)} the same for the {TIMES}rd time" if stubborn else None


def _named(paths: list[str]) -> str:
    shown = [path or "all files" for path in paths[:5]]
    more = f" and {len(paths) - 5} more" if len(paths) > 5 else ""
    return f"{', '.join(shown)}{more} {'is' if len(paths) == 1 and paths != [ALL] else 'are'}"
