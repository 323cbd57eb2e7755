"""Commands: parse, call one function, render, return a code."""
