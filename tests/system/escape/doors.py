"""Attacks on the ways out: doors, the sandbox's resolver, and Kelvin's own endpoint."""

import os
import random
import socket
import struct
import time
import urllib.parse

from table import CONTAINED, row

NO_DOORS = 'outside there are no doors'
RESOLVER = ('127.0.0.1', 53)
QUESTION = b'\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00%s\x00\x00\x01\x00\x01'


def name_of(text):
    return b''.join(bytes([len(label)]) + label for label in text.encode().split(b'.'))


def ask(link, name='localhost'):
    """Whether the resolver answers a good question with an address; asked again, as every client does, for what comes on top of a
    full queue is lost."""
    link.settimeout(1)
    for _ in range(5):
        link.sendto(QUESTION % name_of(name), RESOLVER)
        try:
            return link.recv(600).endswith(socket.inet_aton('127.0.0.1'))
        except TimeoutError:
            pass
    return False


@row("learn of another function's door from the resolver", outside=NO_DOORS)
def other_name(given):
    try:
        return socket.getaddrinfo('away.internal', 5432)[0][4][0]
    except socket.gaierror:
        raise FileNotFoundError(2, 'no such name') from None


@row('ask the resolver nonsense', CONTAINED, NO_DOORS, holds=lambda reached: reached is True)
def malformed_names(given):
    chosen = random.Random(7)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        for _ in range(5000):
            good = bytearray(QUESTION % name_of('db.internal'))
            for _ in range(chosen.randrange(1, 8)):
                good[chosen.randrange(len(good))] = chosen.randrange(256)
            link.sendto(good[:chosen.randrange(1, len(good) + 1)], RESOLVER)
        for size in (1, 12, 512, 513, 9000, 65000):
            link.sendto(b'\xc0' * size, RESOLVER)
    # What it asks itself would be lost while all that is still in line.
    time.sleep(0.5)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        return ask(link)


@row('ask the resolver for 20,000 names', CONTAINED, NO_DOORS, holds=lambda reached: reached is True)
def many_names(given):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        for number in range(20000):
            link.sendto(QUESTION % name_of('%d.example.com' % number), RESOLVER)
    time.sleep(0.5)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        return ask(link)


@row('ask the resolver slowly, and for much, by streams', CONTAINED, NO_DOORS, holds=lambda reached: reached is True)
def slow_names(given):
    links = [socket.create_connection(RESOLVER, timeout=2) for _ in range(50)]
    for number, link in enumerate(links):
        try:
            link.sendall([b'\xff\xff' + b'x' * 600, b'\x00', b'\x00\x20half'][number % 3])
        except OSError:
            pass
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        return ask(link)


def endpoint():
    address = urllib.parse.urlsplit(os.environ['AWS_ENDPOINT_URL'])
    return address.hostname, address.port


def status_of(request):
    with socket.create_connection(endpoint(), timeout=3) as link:
        link.sendall(request)
        line = link.makefile('rb').readline().split()
        return int(line[1]) if len(line) > 1 else 0


@row("ask Kelvin's own endpoint for more than it serves", CONTAINED, NO_DOORS,
     holds=lambda reached: all(status == 0 or 400 <= status < 500 for status in reached))
def endpoint_beyond(given):
    port = given['port']
    lines = ['GET / HTTP/1.1', 'GET /../../etc/passwd HTTP/1.1', f'CONNECT 127.0.0.1:{port} HTTP/1.1',
             f'GET http://127.0.0.1:{port}/ HTTP/1.1', 'POST /2015-03-31/functions/nobody/invocations HTTP/1.1',
             'DELETE /2015-03-31/functions/next HTTP/1.1', 'POST /2015-03-31/functions/..%2f..%2fnext/invocations HTTP/1.1',
             'GET /2018-06-01/runtime/invocation/next HTTP/1.1', 'nonsense']
    return [status_of(line.encode() + b'\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n') for line in lines]


@row("open 900 connections to Kelvin's own endpoint", CONTAINED, NO_DOORS, holds=lambda reached: reached <= 1024)
def endpoint_flood(given):
    links = []
    for _ in range(900):
        link = socket.socket()
        link.settimeout(2)
        link.connect(endpoint())
        links.append(link)
    for link in links:
        link.sendall(b'POST / HTTP/1.1\r\n')
    return len(links)


@row('reset connections to a door while they are made', CONTAINED, NO_DOORS, holds=lambda reached: reached > 0)
def endpoint_resets(given):
    for number in range(500):
        with socket.socket() as link:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            link.connect(endpoint())
            if number % 2:
                link.send(b'x' * 100000)
    return number
