"""Attacks by the network."""

import fcntl
import os
import socket
import struct

from table import CONTAINED, row


def connect(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as link:
        link.settimeout(2)
        link.connect(address)
    return 'connected'


@row("connect to a server on the machine's loopback")
def host_loopback(given):
    return connect(socket.AF_INET, ('127.0.0.1', given['port']))


@row('connect to an abstract socket of the machine')
def abstract_socket(given):
    return connect(socket.AF_UNIX, '\0' + given['abstract'])


@row('connect to a socket in a folder of the machine')
def socket_in_folder(given):
    return connect(socket.AF_UNIX, given['socket'])


@row('send a datagram to the internet', outside='a machine may have no network')
def internet(given):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        return link.sendto(b'x', ('192.0.2.1', 9))


@row('open a raw socket')
def raw_socket(given):
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()


@row('open a packet socket')
def packet_socket(given):
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()


@row("hear the kernel's news of devices")
def device_news(given):
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 15).close()


@row('give the loopback interface an address', outside='changes the network of the machine')
def add_address(given):
    body = struct.pack('=BBBBI', socket.AF_INET, 8, 0, 0, 1) + struct.pack('=HH', 8, 2) + bytes((10, 9, 8, 7))
    head = struct.pack('=IHHII', 16 + len(body), 20, 5, 1, 0)  # RTM_NEWADDR, to be answered
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as link:
        link.bind((0, 0))
        link.send(head + body)
        error = -struct.unpack_from('=i', link.recv(4096), 16)[0]
    if error:
        raise OSError(error, os.strerror(error))


@row('switch the loopback interface off', outside='changes the network of the machine')
def switch_off(given):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        fcntl.ioctl(link, 0x8914, struct.pack('=16sH14x', b'lo', 0))


@row('make a POSIX semaphore, which the service has not got')
def semaphore(given):
    import _multiprocessing
    _multiprocessing.SemLock(1, 1, 1, f'/kelvin-test-{os.getpid()}', True)


@row('listen where only root may')
def low_port(given):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(('127.0.0.77', 81))


@row('call the endpoint that serves it')
def own_endpoint(given):
    return connect(socket.AF_INET, ('127.0.0.1', given['endpoint']))


@row("find another environment's Runtime API", must=CONTAINED, outside='there is none outside',
     holds=lambda found: set(found) <= {9001, 3001, 53})
def other_runtime_api(given):
    """All that listens here: its own Runtime API, the door to Kelvin's endpoint, the names of doors."""
    with open('/proc/net/tcp', encoding='utf-8') as table:
        rows = [line.split() for line in table][1:]
    return sorted({int(fields[1].split(':')[1], 16) for fields in rows if fields[3] == '0A'})


@row('go through a door of another function', outside='there are no doors outside')
def other_door(given):
    return connect(socket.AF_INET, ('127.0.1.1', given['port']))
