"""Tasks of other tools: one file a format, each giving a Source, and `assemble` making Kerrigan's tasks of it. Pure."""
