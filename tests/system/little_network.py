#!/usr/bin/python3
"""little_network.py COMMAND…: runs a command on a machine with a network of two: itself, and a web server at 10.99.0.2 that its
default route leads to. To be run as root in mount and network namespaces of its own. The machine has a web server on all of its
addresses too, port 8000, and a resolver at 127.0.0.53 that knows far.example alone."""

import http.server
import os
import pathlib
import socket
import stat
import subprocess
import sys
import tempfile
import threading

NEAR, FAR, PORT, RESOLVER = '10.99.0.1', '10.99.0.2', 8000, '127.0.0.53'
TUN = pathlib.Path('/dev/net/tun')


class Greeting(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.greeting)

    def log_message(self, *args):
        pass


def greet(address, port, greeting):
    server = http.server.ThreadingHTTPServer((address, port), Greeting)
    server.greeting = greeting
    threading.Thread(target=server.serve_forever, daemon=True).start()


def ip(*args):
    subprocess.run(['ip', *args], check=True)


def be_far():
    """The other machine: waits for its cable, and serves until it is told to end."""
    sys.stdin.readline()
    ip('link', 'set', 'lo', 'up')
    ip('address', 'add', f'{FAR}/24', 'dev', 'far')
    ip('link', 'set', 'far', 'up')
    greet(FAR, 80, b'far')
    print('ready', flush=True)
    sys.stdin.readline()


def answer(query):
    """An A record for far.example, and nothing for any other question."""
    end = query.index(b'\0', 12) + 5
    known = query[12:end].lower().startswith(b'\x03far\x07example\0') and query[end - 4:end - 2] == b'\0\1'
    record = b'\xc0\x0c\0\1\0\1\0\0\0\0\0\4' + socket.inet_aton(FAR) if known else b''
    return query[:2] + b'\x81\x80\0\1' + (b'\0\1' if known else b'\0\0') + b'\0\0\0\0' + query[12:end] + record


def resolve():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((RESOLVER, 53))

    def serve():
        while True:
            query, client = server.recvfrom(600)
            server.sendto(answer(query), client)
    threading.Thread(target=serve, daemon=True).start()


def lay_cable(far):
    ip('link', 'set', 'lo', 'up')
    ip('link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far', 'netns', str(far.pid))
    ip('address', 'add', f'{NEAR}/24', 'dev', 'near')
    ip('link', 'set', 'near', 'up')
    ip('route', 'add', 'default', 'via', FAR)
    far.stdin.write('go\n')
    far.stdin.flush()
    far.stdout.readline()


def prepare_files(folder):
    """What this machine's resolver is; and where only root may make network devices, that everybody may, as elsewhere."""
    subprocess.run(['mount', '-t', 'tmpfs', 'tmpfs', folder], check=True)
    resolvers = pathlib.Path(folder, 'resolv.conf')
    resolvers.write_text(f'nameserver {RESOLVER}\n', encoding='ascii')
    subprocess.run(['mount', '--bind', resolvers, '/etc/resolv.conf'], check=True)
    if stat.S_IMODE(TUN.stat().st_mode) & 0o006 != 0o006:
        node = pathlib.Path(folder, 'tun')
        os.mknod(node, stat.S_IFCHR | 0o666, TUN.stat().st_rdev)
        node.chmod(0o666)
        subprocess.run(['mount', '--bind', node, TUN], check=True)


def main(argv):
    with tempfile.TemporaryDirectory() as folder:
        prepare_files(folder)
        far = subprocess.Popen(['unshare', '--net', sys.executable, __file__, '--far'], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
        try:
            lay_cable(far)
            greet('0.0.0.0', PORT, b'near')
            resolve()
            return subprocess.run(argv, check=False).returncode
        finally:
            far.kill()
            far.wait()
            subprocess.run(['umount', '--lazy', folder], check=True)


if __name__ == '__main__':
    sys.exit(be_far() if sys.argv[1:] == ['--far'] else main(sys.argv[1:]))
