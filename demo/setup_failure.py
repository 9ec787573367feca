"""Why a set-up failed: one sentence from what pip printed. Standard library only."""

import re

# In this order: a full disk fails whatever pip is doing, a build that fails does so for want of a network, too.
CAUSES = (
    (re.compile(r"No space left on device|Disk quota exceeded"), "the disk is full; make room and start again"),
    (
        re.compile(r"DO NOT MATCH THE HASHES[^\n]*\n\s+(\S+)"),
        "{} does not have the hash in its lock: the download was changed, or the lock was (see: git diff requirements)",
    ),
    (
        re.compile(r"CERTIFICATE_VERIFY_FAILED"),
        "the certificate of the package index is not trusted here; pip's setting `cert` names one that is",
    ),
    (
        re.compile(r"connection broken by|ConnectTimeoutError|Max retries exceeded|ProxyError"),
        "the package index does not answer; check the network, the proxy, and pip's setting `index-url`",
    ),
    (
        re.compile(r"Failed building wheel for (\S+)|Failed to build '?([\w.-]+)|Building wheel for (\S+) [^\n]*error"),
        "{} has to be built for this Python and system, and that failed; another Python version may have it ready-made",
    ),
    (
        re.compile(r"No matching distribution found for ([^\s(]+)"),
        "the package index has no {} for this Python and system",
    ),
    (re.compile(r"Permission denied: '([^'\n]+)'"), "no permission to write {}"),
)


def cause_of(output: str) -> str:
    """Return the cause; where it is none of the known ones, the first error that pip names."""
    for pattern, cause in CAUSES:
        if found := pattern.search(output):
            return cause.format(next(filter(None, found.groups()), ""))
    lines = output.strip().splitlines() or ["it printed nothing"]
    errors = (line.partition("ERROR: ")[2] for line in lines)
    return next(filter(None, errors), lines[-1]).strip()
