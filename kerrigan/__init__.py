"""Kerrigan: a control plane for swarms of coding agents, kept in the git repositories it steers."""

__version__ = "0.2.0"
