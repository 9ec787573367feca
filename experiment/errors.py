"""Errors that end a command early, each with one line for the user and an exit status.

DemoError
├── UsageError          2   the command line or a setting is wrong
└── EnvironmentProblem  3   this machine lacks something: a port, Docker, space, a permission
"""


class DemoError(Exception):
    """The command can't continue; the message says what to do."""

    status = 1


class UsageError(DemoError):
    """The command line or a setting is wrong."""

    status = 2


class EnvironmentProblem(DemoError):
    """This machine lacks something that the command needs."""

    status = 3
