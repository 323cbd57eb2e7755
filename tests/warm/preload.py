"""Everything that a command may import, for the process that commands are forked from."""

import gc
import importlib

import github
import jsonschema_rs
import pytest

import kerrigan.cli.action
from kerrigan.cli.main import COMMANDS

for name, _ in COMMANDS.values():
    importlib.import_module(f"kerrigan.cli.{name}")

gc.collect()
gc.freeze()  # none of it is ever garbage, and no fork has to look at it

__all__ = ["github", "jsonschema_rs", "kerrigan", "pytest"]
