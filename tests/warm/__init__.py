"""A Python that has everything imported: `python()` is a program that runs `-m kerrigan` as `sys.executable` does.

Most of what a command costs is its imports. So one process imports all of them, once, and each command is forked from
it: a process like any other, with the folder, environment, streams and exit code of the program that was started for
it. What has to see a start, to end a command by a signal, or to look at its process group starts `sys.executable`.
"""

from tests.warm.server import python

__all__ = ["python"]
