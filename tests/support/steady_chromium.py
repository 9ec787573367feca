#!/usr/bin/env python3
"""Start Chromium (the program in CHROMIUM) so that it does not notice when a network of this machine comes or goes.

Docker's networks do so all the time, and Chromium then drops what it is about to load (net::ERR_NETWORK_CHANGED). It
hears of them from a netlink socket, and does without where it cannot have one: a filter for system calls refuses it
such a socket. Linux alone has such filters (seccomp(2)), and Linux alone has Docker's networks on the machine itself.
"""

import ctypes
import errno
import os
import platform
import struct
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EAFNOSUPPORT
SYSTEM_CALL, FIRST_ARGUMENT = 0, 16  # where a filter finds them
LOAD, SKIP_UNLESS_EQUAL, RETURN = 0x20, 0x15, 0x06
SOCKET = {"x86_64": 41, "aarch64": 198}  # the number of the system call
AF_NETLINK = 16


def refuse_netlink(socket_call: int) -> None:
    """Let neither this process nor what it becomes have a netlink socket; raise OSError where the kernel refuses."""
    instructions = (
        (LOAD, 0, 0, SYSTEM_CALL),
        (SKIP_UNLESS_EQUAL, 0, 3, socket_call),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (SKIP_UNLESS_EQUAL, 0, 1, AF_NETLINK),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *one) for one in instructions))
    program = struct.pack("HP", len(instructions), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    for call in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0)):
        if libc.prctl(*call) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


if __name__ == "__main__":
    if platform.system() == "Linux" and platform.machine() in SOCKET:
        refuse_netlink(SOCKET[platform.machine()])
    os.execv(os.environ["CHROMIUM"], [os.environ["CHROMIUM"], *sys.argv[1:]])  # noqa: S606 - the browser of the tests
