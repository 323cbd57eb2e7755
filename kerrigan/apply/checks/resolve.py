"""Whether a repository has what a reference names."""

import posixpath

from kerrigan.apply.checks.clones import Contents
from kerrigan.errors import KerriganError
from kerrigan.load.references import has_anchor
from kerrigan.model.checks.siblings import LONGEST, Reference, Resolution


def resolve(reference: Reference, contents: Contents) -> Resolution:
    """Look for the file or folder, and for the heading in it."""
    slug, file = reference.repository, reference.shown
    path = posixpath.normpath(reference.file)
    if path == ".." or path.startswith("../"):
        return Resolution(False, f"{file} leads out of {slug}")
    try:
        kind = contents.kind(path)
        if kind == "outside":
            return Resolution(None, f"{file} is a link that leads out of {slug}")
        if not kind:
            return Resolution(False, f"{slug} has no {file}")
        if kind == "file" and reference.anchor and path.endswith(".md"):
            return _seek_heading(reference, path, contents)
    except (KerriganError, OSError, RuntimeError, ValueError) as error:
        return Resolution(None, unreadable(file, error))
    return Resolution(True)


def _seek_heading(reference: Reference, path: str, contents: Contents) -> Resolution:
    texts, problems = contents.read([path])
    if path not in texts:
        why = problems[0].message if problems else "a check does not look into its folder"
        return Resolution(None, f"{reference.shown} of {reference.repository}: {why}")
    if has_anchor(texts[path], reference.anchor):
        return Resolution(True)
    return Resolution(
        False, f"{reference.shown} of {reference.repository} has no heading '#{reference.anchor[:LONGEST]}'"
    )


def unreadable(what: object, error: Exception) -> str:
    """Why something cannot be read."""
    if isinstance(error, KerriganError):
        return error.message
    return f"{what} cannot be read: {getattr(error, 'strerror', None) or error}"
