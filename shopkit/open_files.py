"""The limit of open files of this process, which those that it starts inherit. Each connection is one."""

import resource


def raise_file_limit(wanted: int) -> int:
    """Raise the limit of open files to `wanted`, or as near as the system allows, and return what it is then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed
