"""One task on request: the transition, what it needs to know, and what people see of it."""
