#!/usr/bin/python3
"""Runs a program where no namespaces and no mounts may be made, as in a container under the filter that Docker has
unless told otherwise: clone3 isn't there, clone refuses namespaces, the others are refused."""

import ctypes
import os
import platform
import struct
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
ALLOW, REFUSE, MISSING = 0x7fff0000, 0x00050001, 0x00050026  # EPERM, ENOSYS
LOAD, EQUAL, ANY, RETURN = 0x20, 0x15, 0x45, 0x06
NEW_NAMESPACES = 0x7e020000
NUMBER, FIRST_ARGUMENT = 0, 16  # in struct seccomp_data
IS_X86 = platform.machine() == 'x86_64'
CLONE, CLONE3 = (56, 435) if IS_X86 else (220, 435)
# unshare, setns, mount, umount2, pivot_root; open_tree, move_mount, fsopen, mount_setattr
REFUSED = ([272, 308, 165, 166, 155] if IS_X86 else [97, 268, 40, 39, 41]) + [428, 429, 430, 442]


def instruction(code, when_true, when_false, value):
    return struct.pack('HBBI', code, when_true, when_false, value)


def make_filter():
    parts = [instruction(LOAD, 0, 0, NUMBER),
             instruction(EQUAL, 0, 1, CLONE3), instruction(RETURN, 0, 0, MISSING)]
    for number in REFUSED:
        parts += [instruction(EQUAL, 0, 1, number), instruction(RETURN, 0, 0, REFUSE)]
    parts += [instruction(EQUAL, 0, 3, CLONE), instruction(LOAD, 0, 0, FIRST_ARGUMENT),
              instruction(ANY, 0, 1, NEW_NAMESPACES), instruction(RETURN, 0, 0, REFUSE),
              instruction(RETURN, 0, 0, ALLOW)]
    return parts


def install():
    parts = make_filter()
    text = ctypes.create_string_buffer(b''.join(parts))
    program = struct.pack('HxxxxxxP', len(parts), ctypes.addressof(text))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program) != 0:
        raise OSError(ctypes.get_errno(), 'the filter')


if __name__ == '__main__':
    install()
    os.execvp(sys.argv[1], sys.argv[1:])
