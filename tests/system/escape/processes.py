"""Attacks on other processes, and ways to outlive one's time."""

import ctypes
import os
import shutil
import signal
import subprocess
import time

import system
from table import CONTAINED, KILLED, row

ENDS = 'ends the test'
PTRACE_ATTACH = 16


def with_child(attack):
    child = os.fork()
    if child == 0:
        time.sleep(30)
        os._exit(0)
    try:
        return attack(child)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@row('trace another process')
def trace(given):
    return with_child(lambda child: system.call('ptrace', PTRACE_ATTACH, child, 0, 0))


@row("read another process's memory")
def read_memory(given):
    text = ctypes.create_string_buffer(8)
    vector = (ctypes.c_uint64 * 2)(ctypes.addressof(text), 8)
    return with_child(lambda child: system.call('process_vm_readv', child, ctypes.byref(vector), 1,
                                                ctypes.byref(vector), 1, 0))


@row("take another process's descriptor")
def take_descriptor(given):
    return with_child(lambda child: system.call('pidfd_getfd', os.pidfd_open(child), 1, 0))


@row('kill a process of the machine')
def kill_outside(given):
    os.kill(given['victim'], signal.SIGKILL)


@row('end pid 1 by every signal', must=CONTAINED, outside='pid 1 there is the machine', holds=lambda reached: reached)
def signal_pid_1(given):
    for number in range(1, signal.NSIG):
        os.kill(1, number)
    time.sleep(0.05)
    return os.path.exists('/proc/1/stat')


@row('kill all that it can', must=CONTAINED, outside=ENDS, holds=lambda reached: reached == 'alone')
def kill_all(given):
    child = os.fork()
    if child == 0:
        time.sleep(30)
        os._exit(0)
    os.kill(-1, signal.SIGKILL)
    os.waitpid(child, 0)
    return 'alone'


@row('run a program from memory, to be free of the filter', must=CONTAINED, outside='nothing is kept from it there',
     holds=lambda reached: reached == ['1', '2'])
def memory_program(given):
    program = os.memfd_create('program', 0)
    with open(shutil.which('grep'), 'rb') as file:
        os.write(program, file.read())
    lines = subprocess.run([f'/proc/self/fd/{program}', '-E', '^(NoNewPrivs|Seccomp):', '/proc/self/status'],
                           stdout=subprocess.PIPE, check=True, pass_fds=[program]).stdout.decode().splitlines()
    return [line.split()[1] for line in lines]


@row('leave a daemon behind', must=KILLED, outside='leaves one')
def daemon(given):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.execv('/bin/sleep', ['sleep', given['mark']])
        os._exit(0)
    time.sleep(0.1)
    os._exit(0)


@row('ignore the end of its time', must=KILLED, outside=ENDS, timeout=1)
def ignore_end(given):
    for number in range(1, signal.NSIG):
        if number not in (signal.SIGKILL, signal.SIGSTOP, 32, 33):
            signal.signal(number, signal.SIG_IGN)
    while True:
        pass


@row('stop itself', must=KILLED, outside=ENDS, timeout=1)
def stop_itself(given):
    os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(30)


@row('write over its own memory', must=KILLED, outside=ENDS)
def crash(given):
    ctypes.memset(8, 1, 1)


@row('see the processes of the machine')
def see_processes(given):
    with open(f"/proc/{given['victim']}/cmdline", 'rb') as file:
        command = file.read()
    if not command.startswith(b'sleep'):
        raise ProcessLookupError(3, 'another process')
    return command.decode()


@row('end its parent by every signal', must=CONTAINED, outside=ENDS, holds=lambda reached: reached)
def signal_parent(given):
    parent = os.getppid()
    for number in range(1, signal.NSIG):
        os.kill(parent, number)
    time.sleep(0.05)
    return os.getppid() == parent


@row('dump its memory to a file', must=KILLED, outside=ENDS)
def dump_core(given):
    os.chdir(given['tmp'])
    os.abort()
