"""Attacks on mounts, namespaces and identity."""

import ctypes
import os
import signal
import socket

import system
from system import CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWUSER
from table import CONTAINED, row

MS_REMOUNT_BIND = 0x1020


@row('mount a file system')
def mount(given):
    return system.mount(b'none', given['tmp'].encode(), b'tmpfs', 0)


@row('make the root writable')
def remount(given):
    return system.mount(None, b'/', None, MS_REMOUNT_BIND)


@row('make the root writable by the newer call')
def mount_setattr(given):
    attributes = (ctypes.c_uint64 * 4)(0, 1, 0, 0)
    return system.call('mount_setattr', -100, b'/', 0, ctypes.byref(attributes), 32)


@row('take a mount away, for what it hides')
def unmount(given):
    return system.check(system.LIBC.umount2(b'/proc', 2))


@row('open a file system by the newer calls')
def fsopen(given):
    return system.call('fsopen', b'tmpfs', 0)


@row('change the root again', outside='takes the root from under the test')
def pivot_root(given):
    return system.call('pivot_root', b'.', b'.')


@row('make a user namespace')
def unshare_user(given):
    return system.call('unshare', CLONE_NEWUSER)


@row('make a mount namespace')
def unshare_mounts(given):
    return system.call('unshare', CLONE_NEWNS)


def end_child(pid):
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return 'a child'


@row('clone into a user namespace')
def clone_user(given):
    return end_child(system.call('clone', CLONE_NEWUSER | signal.SIGCHLD, 0, 0, 0, 0))


@row('clone into a network namespace')
def clone_network(given):
    return end_child(system.call('clone', CLONE_NEWUSER | CLONE_NEWNET | signal.SIGCHLD, 0, 0, 0, 0))


@row('clone into a user namespace by the newer call')
def clone3_user(given):
    arguments = (ctypes.c_uint64 * 8)(CLONE_NEWUSER, 0, 0, 0, signal.SIGCHLD)
    return end_child(system.call('clone3', ctypes.byref(arguments), 64))


@row('enter a namespace')
def setns(given):
    return system.call('setns', os.open('/proc/self/ns/uts', os.O_RDONLY), 0)


@row('rename the machine')
def host_name(given):
    socket.sethostname('mine')


@row('become root')
def become_root(given):
    os.setuid(0)


@row('take capabilities')
def take_capabilities(given):
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    wanted = (ctypes.c_uint32 * 6)(1 << 21, 1 << 21, 0, 0, 0, 0)
    return system.call('capset', ctypes.byref(header), ctypes.byref(wanted))


@row('allow oneself core dumps')
def core_dumps(given):
    import resource
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20))
    except ValueError as error:
        raise PermissionError(1, str(error)) from error


@row('learn the name of the machine', must=CONTAINED, outside='a machine may be called so',
     holds=lambda name: name == 'localhost')
def learn_host_name(given):
    return os.uname().nodename


@row('find shared memory of the machine')
def machines_shared_memory(given):
    return system.check(system.LIBC.shmget(given['key'], 0, 0))


@row('learn where the machine has put Kelvin', outside='the test itself is elsewhere')
def learn_group(given):
    with open('/proc/self/cgroup', encoding='utf-8') as groups:
        for line in groups:
            if given['group'] in line:
                return line
    raise FileNotFoundError(2, given['group'])


@row("change its own control group's limits")
def control_group(given):
    return os.listdir('/sys/fs/cgroup')
