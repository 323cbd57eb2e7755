"""Coding-agent CLIs: how each is started, watched, ended and read. `run.py` is the way in:

    invocation = prepare(profile, request)              # argv, environment and files of one attempt
    ended = run(profile, invocation, limits, log)       # the process, its limits, and its whole tree of children
    record = read(profile, ended)                       # its record: outcome, usage, the last message

`profiles/` holds one file per CLI; `process.py`, `tree.py` and `watch.py` know no CLI by name.
"""
