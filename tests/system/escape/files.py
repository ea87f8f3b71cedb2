"""Attacks on files that aren't the function's. The runtime's parent is pid 1."""

import ctypes
import os

import system
from table import row

MACHINE = 'changes files of the machine'


def open_to_write(path):
    os.close(os.open(path, os.O_WRONLY))
    return path


def open_to_read(path):
    os.close(os.open(path, os.O_RDONLY))
    return path


def read(path):
    with open(path, 'rb') as file:
        return len(file.read(64))


@row("read the person's home")
def home(given):
    return os.listdir(given['home'])


@row("list root's home")
def root_home(given):
    return os.listdir('/root')


@row('read the passwords of the machine')
def shadow(given):
    return read('/etc/shadow')


@row("read another function's code")
def other_function(given):
    return read(given['other'])


@row("read Kelvin's database")
def database(given):
    return read(given['secret'])


@row('reach the root of pid 1 by /proc')
def proc_1_root(given):
    return os.listdir(f'/proc/{os.getppid()}/root')


@row('list the descriptors of pid 1')
def proc_1_descriptors(given):
    return os.listdir(f'/proc/{os.getppid()}/fd')


@row('open the memory of pid 1')
def proc_1_memory(given):
    return open_to_read(f'/proc/{os.getppid()}/mem')


@row('say which program gets core dumps')
def core_pattern(given):
    return open_to_write('/proc/sys/kernel/core_pattern')


@row('change how the network behaves')
def proc_sys_net(given):
    return open_to_write('/proc/sys/net/ipv4/ip_forward')


@row('press the magic keys of the kernel', outside='a machine may have none')
def sysrq(given):
    return open_to_write('/proc/sysrq-trigger')


@row('allow oneself user namespaces again', outside='there is no need to, outside')
def user_namespaces_again(given):
    with open('/proc/sys/user/max_user_namespaces', 'w', encoding='utf-8') as file:
        file.write('100')


@row("change one's own code", outside=MACHINE)
def write_code(given):
    return open_to_write('/var/task/app.py')


@row('change a library of the machine')
def write_library(given):
    return open_to_write('/usr/lib/os-release')


@row('make a file in the root folder', outside=MACHINE)
def write_root(given):
    with open('/new', 'wb'):
        return '/new'


@row('follow a link of its own to a file outside')
def link_outside(given):
    path = os.path.join(given['tmp'], 'way-out')
    os.symlink(given['other'], path)
    return read(path)


@row('climb out of the code with openat2')
def openat2_climbs(given):
    class How(ctypes.Structure):
        _fields_ = [('flags', ctypes.c_uint64), ('mode', ctypes.c_uint64), ('resolve', ctypes.c_uint64)]
    folder = os.open(given['task'], os.O_PATH)
    path = ('../' * 20 + given['other'].lstrip('/')).encode()
    file = system.call('openat2', folder, path, ctypes.byref(How()), ctypes.sizeof(How))
    return len(os.read(file, 64))


@row('leave by chroot')
def chroot(given):
    os.chroot('/')


@row('ask for the handle of a file, to open others by')
def file_handle(given):
    handle = (ctypes.c_uint32 * 34)(128)
    mount = ctypes.c_int()
    return system.call('name_to_handle_at', -100, b'/usr', handle, ctypes.byref(mount), 0)


@row('make a node for the memory of the machine')
def memory_node(given):
    path = os.path.join(given['tmp'], 'mem')
    os.mknod(path, 0o20600, os.makedev(1, 1))
    os.unlink(path)


@row('open devices: terminals, logs, tunnels')
def devices(given):
    for name in ('ptmx', 'kmsg', 'mem', 'net/tun', 'fuse', 'kvm', 'vda', 'sda'):
        if os.path.exists('/dev/' + name):
            return name
    raise FileNotFoundError(2, '/dev')


@row('use a package of the machine', outside='a machine may have none')
def machine_packages(given):
    names = os.listdir('/usr/lib/python3/dist-packages')
    if not names:
        raise FileNotFoundError(2, 'the folder is empty')
    return names[0]
