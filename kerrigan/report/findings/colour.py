"""Colour for terminals, put on finished text by the words in it."""

import re

_STYLES = (
    (re.compile(r"(?m)^(\S+:\d+:\d+): (error):"), r"\033[1m\1\033[0m: \033[31m\2\033[0m:"),
    (re.compile(r"(?m)^(\S+:\d+:\d+): (warning):"), r"\033[1m\1\033[0m: \033[33m\2\033[0m:"),
    (re.compile(r"(?m)^( +\| *)(\^+)$"), r"\1\033[31m\2\033[0m"),
    (re.compile(r"(?m)^(  hint:)"), r"\033[36m\1\033[0m"),
    (re.compile(r"(?m)( \[[a-z-]+\])$"), r"\033[2m\1\033[0m"),
)


def painted(text: str) -> str:
    """The same text with terminal colours for places, severities, carets and hints."""
    for pattern, replacement in _STYLES:
        text = pattern.sub(replacement.replace(r"\033", "\033"), text)
    return text
