"""Tests see git as a new machine has it: without anybody's configuration, and with no name but the one they give."""

import os

os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "EMAIL": "nobody@example.com"}
