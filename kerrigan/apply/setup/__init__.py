"""Setting a repository up, and finding out whether it is: init, import, issues, doctor."""
