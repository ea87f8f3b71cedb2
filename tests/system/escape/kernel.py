"""Attacks on the kernel and on what it keeps for everybody."""

import ctypes
import fcntl
import mmap
import os
import platform
import time

import system
from table import KILLED, row

MACHINE = "changes the machine's own state"


@row('load a module', outside=MACHINE)
def load_module(given):
    return system.call('init_module', b'', 0, b'')


@row('load another kernel', outside=MACHINE)
def kexec(given):
    return system.call('kexec_load', 0, 0, 0, 0)


@row('restart the machine', outside=MACHINE)
def reboot(given):
    return system.call('reboot', 0, 0, 0, 0)


@row('swap to a file', outside=MACHINE)
def swap(given):
    return system.call('swapon', b'/tmp/none', 0)


@row('set the clock', outside=MACHINE)
def clock(given):
    time.clock_settime(time.CLOCK_REALTIME, time.time())


@row("read the kernel's log")
def kernel_log(given):
    text = ctypes.create_string_buffer(4096)
    return system.check(system.LIBC.klogctl(3, text, 4096))


@row('keep a key')
def key(given):
    return bool(system.call('add_key', b'user', b'kelvin-test', b'secret', 6, -2))


@row('make a map for programs in the kernel')
def bpf(given):
    attributes = (ctypes.c_uint32 * 18)(2, 4, 4, 1)  # an array of one number
    return system.call('bpf', 0, ctypes.byref(attributes), 72)


@row('count events of the processor')
def perf(given):
    attributes = (ctypes.c_uint32 * 32)(1, 128)  # the software clock
    return system.call('perf_event_open', ctypes.byref(attributes), 0, -1, -1, 0)


@row('handle page faults')
def userfaultfd(given):
    return system.call('userfaultfd', os.O_CLOEXEC)


@row('make system calls by a ring, past the filter')
def io_uring(given):
    return system.call('io_uring_setup', 1, ctypes.byref((ctypes.c_uint32 * 30)()))


@row('switch off random addresses')
def personality(given):
    return system.check(system.LIBC.personality(0x0040000))


@row('type into a terminal')
def type_into_terminal(given):
    terminal = os.openpty()[1] if os.path.exists('/dev/ptmx') else 0
    fcntl.ioctl(terminal, 0x5412, b'x')


@row('make a system call of 32 bits', must=KILLED)
def other_architecture(given):
    if platform.machine() != 'x86_64':
        os.abort()
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b'\x53\xb8\x14\x00\x00\x00\xcd\x80\x5b\xc3')  # getpid by int 0x80
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    return ctypes.CFUNCTYPE(ctypes.c_int)(address)()
