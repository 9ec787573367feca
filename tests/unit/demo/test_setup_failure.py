"""The one sentence that says why a set-up failed, from what pip printed."""

import pytest

from demo.setup_failure import cause_of

WRONG_HASH = """\
Looking in indexes: https://index.example/simple
ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package versions, ...
    annotated-types==0.8.0 from https://index.example/annotated_types-0.8.0.whl (from -r demo.txt (line 1)):
        Expected sha256 0000beaad985e05e2d6407ee4c4f35590b11f8d693a258a561055cac8f64cab7
             Got        f072f4d804ea359e4eaf198b1af7a8b0943881a87f31bb764f8bf219bb9419e0
"""
UNREACHABLE = """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...Connection refused')': /flask/
ERROR: Could not find a version that satisfies the requirement flask==3.1.0 (from versions: none)
ERROR: No matching distribution found for flask==3.1.0
"""
UNTRUSTED = UNREACHABLE.replace("NewConnectionError", "SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]")
ABSENT = UNREACHABLE.partition("\n")[2]
BUILD = """\
  error: subprocess-exited-with-error
  gcc: fatal error: no input files
  ERROR: Failed building wheel for gevent
ERROR: Could not build wheels for gevent, which is required to install pyproject.toml-based projects
"""


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        (WRONG_HASH, "annotated-types==0.8.0 does not have the hash in its lock"),
        (UNREACHABLE, "the package index does not answer; check the network, the proxy"),
        (UNTRUSTED, "the certificate of the package index is not trusted"),
        (ABSENT, "the package index has no flask==3.1.0 for this Python and system"),
        (BUILD, "gevent has to be built for this Python and system, and that failed"),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n",
            "the disk is full",
        ),
        ("ERROR: Failed building wheel for x\nNo space left on device\n", "the disk is full"),
        ("WARNING: old pip\nERROR: something new\nmore of it\n", "something new"),
        ("it died\n", "it died"),
        ("", "it printed nothing"),
    ],
)
def test_names_the_cause(output: str, cause: str) -> None:
    """The cause comes first, in one line, and the first error that pip names where it is none of the known ones."""
    assert cause_of(output).startswith(cause)
    assert "\n" not in cause_of(output)
