#!/usr/bin/python3
"""What code finds inside its sandbox, for an ordinary user and for root."""

import os
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

PROBE = '''
import os, pwd, socket
def attempt(what):
    try:
        return what()
    except OSError as error:
        return type(error).__name__
def status(name):
    return [line.split()[1] for line in open("/proc/self/status") if line.startswith(name)]
def handler(event, context):
    return {
        "uid": os.getuid(), "gid": os.getgid(), "pid": os.getpid(), "cwd": os.getcwd(),
        "task": sorted(os.listdir("/var/task")), "tmp": os.listdir("/tmp"), "dev": sorted(os.listdir("/dev")),
        "interfaces": sorted(name for _, name in socket.if_nameindex()),
        "writeTask": attempt(lambda: open("/var/task/new", "w").close()),
        "writeUsr": attempt(lambda: open("/usr/new", "w").close()),
        "writeRoot": attempt(lambda: open("/new", "w").close()),
        "writeTmp": attempt(lambda: open("/tmp/new", "w").close()),
        "connect": attempt(lambda: bool(socket.create_connection(("1.1.1.1", 53), timeout=2))),
        "home": attempt(lambda: os.listdir("/home")), "rootHome": attempt(lambda: os.listdir("/root")),
        "shadow": attempt(lambda: open("/etc/shadow").read()),
        "capabilities": status(("CapEff", "CapPrm", "CapBnd")),
        "noNewPrivileges": status("NoNewPrivs"), "seccomp": status("Seccomp:"),
        "mount": os.system("mount -t tmpfs none /tmp 2>/dev/null"),
        "unshare": os.system("unshare -Ur true 2>/dev/null"),
        "hosts": open("/etc/hosts").read(), "user": pwd.getpwuid(os.getuid()).pw_name,
        "processes": [name for name in os.listdir("/proc") if name.isdigit()],
    }
'''
FILL = '''
def handler(event, context):
    try:
        with open("/tmp/big", "wb") as big:
            for _ in range(event["megabytes"]):
                big.write(b"x" * (1 << 20))
        return "written"
    except OSError as error:
        return error.errno
'''
FORK = '''
import os, time
def handler(event, context):
    children = 0
    try:
        while children < 3000:
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
            children += 1
    except OSError as error:
        return [children, error.errno]
    return [children, 0]
'''
LEAVE_A_FILE = '''
import os
def handler(event, context):
    before = os.listdir("/tmp")
    open("/tmp/mine", "w").close()
    return before
'''


class Inside(kelvin.Case):
    """As whoever runs the tests."""

    def prepare(self, argv):
        return argv

    def call(self, code, event, **config):
        folder = self.python(code, **{'Timeout': 30, 'MemorySize': 1024, **config})
        return self.call_again(folder, event)

    def call_again(self, folder, event):
        argv = self.argv('invoke', folder, '--event-json', event, '--json')
        return self.expect(self.run_argv(self.prepare(argv)), 0).json()['payload']

    def test_is_as_promised(self):
        seen = self.call(PROBE, '{}')
        self.assertEqual((seen['uid'], seen['gid'], seen['cwd']), (993, 990, '/var/task'))
        self.assertNotEqual(seen['pid'], 1)
        self.assertEqual(seen['task'], ['app.py'])
        self.assertEqual(seen['tmp'], [])
        self.assertNotIn('shm', seen['dev'])
        for name in ('null', 'zero', 'urandom'):
            self.assertIn(name, seen['dev'])
        self.assertEqual(seen['interfaces'], ['lo'])
        for name in ('writeTask', 'writeUsr', 'writeRoot'):
            self.assertIn(seen[name], ('OSError', 'PermissionError'), name)
        self.assertIsNone(seen['writeTmp'])
        self.assertEqual(seen['connect'], 'OSError')
        self.assertIn(seen['home'], ('FileNotFoundError', []))
        self.assertIn(seen['rootHome'], ('FileNotFoundError', 'PermissionError', []))
        self.assertIn(seen['shadow'], ('FileNotFoundError', 'PermissionError'))
        self.assertIn('localhost', seen['hosts'])
        self.assertLessEqual(len(seen['processes']), 4)

    def test_code_has_no_privileges_and_cannot_get_any(self):
        seen = self.call(PROBE, '{}')
        self.assertEqual(set(seen['capabilities']), {'0000000000000000'})
        self.assertEqual(seen['noNewPrivileges'], ['1'])
        self.assertEqual(seen['seccomp'], ['2'])
        self.assertNotEqual(seen['mount'], 0)
        self.assertNotEqual(seen['unshare'], 0)

    def test_ephemeral_storage_is_bounded(self):
        folder = self.python(FILL, Timeout=30, MemorySize=1024)
        self.assertEqual(self.call_again(folder, '{"megabytes": 100}'), 'written')
        self.assertEqual(self.call_again(folder, '{"megabytes": 600}'), 28)

    def test_environments_share_nothing(self):
        folder = self.python(LEAVE_A_FILE)
        self.assertEqual([self.call_again(folder, '{}') for _ in range(2)], [[], []])

    def test_the_number_of_processes_is_bounded(self):
        children, errno = self.call(FORK, '{}', MemorySize=10240)  # each of them counts
        self.assertLessEqual(children, 1024)
        self.assertEqual(errno, 11)


class InsideOrdinary(Inside):
    """As a user without any privilege."""

    def setUp(self):
        super().setUp()
        if os.getuid() == 0:
            self.data.mkdir()
            os.chown(self.data, kelvin.ORDINARY_USER, kelvin.ORDINARY_USER)

    def prepare(self, argv):
        return kelvin.as_ordinary_user(argv)


if __name__ == '__main__':
    tap.main()
