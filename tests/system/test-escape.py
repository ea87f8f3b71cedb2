#!/usr/bin/python3
"""Hostile functions: each is denied, contained or killed, and the engine serves the next function at once."""

import atexit
import ctypes
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import unittest
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / 'tap'), str(HERE / 'escape')]

import app  # noqa: E402,F401
import kelvin  # noqa: E402
import table  # noqa: E402
import tap  # noqa: E402

# Errors that say "you may not" or "there is none"; any other would be a fault of the attack.
REFUSALS = {1, 2, 3, 11, 12, 13, 22, 25, 30, 38, 97, 101, 111}
SHARED_MEMORY_KEY = 0x6b656c76
AT_ONCE = 5 if not kelvin.SANITIZED else 30
OUTCOMES = {}  # of each row, by who ran it
NEXT = 'def handler(event, context):\n    return "served"\n'


class Site(kelvin.Case):
    """A served engine with the hostile functions, another one, and victims on the host."""

    without = ''  # what the tests' own launcher leaves out

    def prepare(self, argv):
        return argv

    def environment(self, **more):
        return super().environment(KELVIN_WITHOUT=self.without, **more)

    def setUp(self):
        super().setUp()
        files = {path.name: path.read_text(encoding='utf-8') for path in (HERE / 'escape').glob('*.py')}
        rows = {row.function: row for row in table.ROWS.values()}
        self.attacks = {name: self.function(name, files=files, Timeout=row.timeout, MemorySize=row.memory)
                        for name, row in rows.items()}
        doors = [{'Name': 'away', 'Host': 'away.internal', 'Port': 5432, 'To': '127.0.0.1:5432'}]
        self.other = self.python(NEXT, name='next', Timeout=10, Kelvin={'Doors': doors})
        self.make_victims()
        self.make_data()
        self.serve()

    def make_victims(self):
        self.victim = subprocess.Popen(['sleep', '600'])
        self.addCleanup(self.end, self.victim)
        self.port_listener = socket.create_server(('127.0.0.1', 0))
        self.abstract_listener = self.listen('\0kelvin-test-' + self.folder.name)
        self.path_listener = self.listen(str(self.folder / 'socket'))
        for listener in (self.port_listener, self.abstract_listener, self.path_listener):
            self.addCleanup(listener.close)
        libc = ctypes.CDLL(None)
        shared = libc.shmget(SHARED_MEMORY_KEY, 4096, 0o1666)
        self.addCleanup(libc.shmctl, shared, 0, None)
        self.group = self.make_group()

    def make_group(self):
        """A control group in which Kelvin runs, so that its name would tell; a name of none where none can be made."""
        group = pathlib.Path('/sys/fs/cgroup/pids') / self.folder.name
        try:
            group.mkdir()
        except OSError:
            return None
        self.addCleanup(kelvin.wait_until, lambda: self.remove_group(group), 2)
        return group

    def remove_group(self, group):
        try:
            group.rmdir()
        except OSError:
            return False
        return True

    def enter_group(self, argv):
        if self.group is None:
            return argv
        return ['sh', '-c', 'echo $$ > "$1/cgroup.procs"; shift; exec "$@"', 'sh', str(self.group), *argv]

    def make_data(self):
        """The data folder is made by who uses it."""

    def listen(self, address):
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(address)
        listener.listen()
        return listener

    def serve(self):
        argv = self.argv('serve', *self.attacks.values(), self.other, '--port', '0')
        self.process = self.start(argv=self.enter_group(self.prepare(argv)))
        self.address = urllib.parse.urlsplit(self.process.stdout.readline().split()[-1])
        self.limits = self.run_argv(self.enter_group(self.prepare(self.argv('doctor', '--json')))).json()['limits']

    def event(self, row, **more):
        return {'row': row.name, 'home': str(self.folder), 'other': str(self.other / 'app.py'),
                'secret': str(self.data / 'history.db'), 'port': self.port_listener.getsockname()[1],
                'abstract': 'kelvin-test-' + self.folder.name, 'socket': str(self.folder / 'socket'),
                'endpoint': self.address.port, 'key': SHARED_MEMORY_KEY, 'group': self.folder.name,
                'victim': self.victim.pid, 'task': '/var/task', 'tmp': '/tmp', 'mark': self.mark(), **more}

    def mark(self):
        """By which a process that stays behind is known; seconds, for sleep."""
        return f'{3600 + os.getpid() % 1000}.{self.address.port}'

    def call(self, name, event):
        """What the function answered, and the type of the error when it failed."""
        link = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=60)
        self.addCleanup(link.close)
        link.request('POST', f'/2015-03-31/functions/{name}/invocations', json.dumps(event))
        answer = link.getresponse()
        content = json.loads(answer.read())
        return content, content.get('errorType') if answer.headers['X-Amz-Function-Error'] else None


class OrdinarySite(Site):
    def make_data(self):
        if os.getuid() == 0:
            self.data.mkdir()
            os.chown(self.data, kelvin.ORDINARY_USER, kelvin.ORDINARY_USER)

    def prepare(self, argv):
        return kelvin.as_ordinary_user(argv)


class Attacks(unittest.TestCase):
    """A test for each row of the table, made below."""

    site_type = None

    @classmethod
    def setUpClass(cls):
        cls.site = cls.site_type()
        cls.addClassCleanup(cls.site.doCleanups)
        cls.site.setUp()

    def attack(self, row):
        answer, error = self.site.call(row.function, self.site.event(row))
        check = {table.DENIED: self.check_denied, table.CONTAINED: self.check_contained,
                 table.KILLED: self.check_killed}[row.must]
        outcome = check(row, answer, error)
        OUTCOMES.setdefault(row.name, {})[type(self).__name__] = outcome
        self.check_host()
        self.check_next()

    def check_denied(self, row, answer, error):
        self.assertIsNone(error, answer)
        self.assertIn('stopped', answer)
        self.assertIn(int(answer['stopped'].split()[-1]), REFUSALS, answer)
        return answer['stopped']

    def check_contained(self, row, answer, error):
        if row.may_end and error == 'Runtime.ExitError' and answer['errorMessage'].endswith('signal: killed'):
            return answer['errorMessage'].split('Error: ')[-1]
        self.assertIsNone(error, answer)
        if row.limit and self.site.limits[row.limit] == 'not enforced':
            return 'not enforced, as doctor says'
        self.assertTrue(row.holds(answer.get('reached')), answer)
        return answer['reached']

    def check_killed(self, row, answer, error):
        self.assertIsNotNone(error, answer)
        self.assertRegex(error, r'^(Runtime\.ExitError|Sandbox\.Timedout|Function\.ResponseSizeTooLarge)$', answer)
        return answer['errorMessage'].split('Error: ')[-1]

    def check_host(self):
        self.assertIsNone(self.site.victim.poll(), 'a process of the machine was killed')
        self.assertTrue(kelvin.wait_until(lambda: not self.left_behind(), 1), 'a process stayed behind')

    def left_behind(self):
        mark = self.site.mark().encode()
        for entry in pathlib.Path('/proc').iterdir():
            try:
                if entry.name.isdigit() and mark in (entry / 'cmdline').read_bytes().split(b'\0'):
                    return entry.name
            except OSError:
                continue
        return None

    def check_next(self):
        began = time.monotonic()
        self.assertEqual(self.site.call('next', {}), ('served', None))
        self.assertLess(time.monotonic() - began, AT_ONCE)


class AsRoot(Attacks):
    """As whoever runs the tests, which is root where the attacks outside are tried too."""

    site_type = Site


class AsOrdinaryUser(Attacks):
    site_type = OrdinarySite


class Outside(unittest.TestCase):
    """That the attacks are real ones: outside of a sandbox they succeed."""

    @classmethod
    def setUpClass(cls):
        if os.getuid() != 0:
            raise unittest.SkipTest(tap.NOT_HERE + 'the attacks outside are tried as root')
        cls.site = Site()
        cls.addClassCleanup(cls.site.doCleanups)
        cls.site.setUp()

    def attack(self, row):
        """In mount and uts namespaces of its own, so that the machine stays as it is."""
        event = self.site.event(row, task=str(self.site.attacks[row.function]), tmp=str(self.site.folder))
        victim = subprocess.Popen(['sleep', '600'])
        self.addCleanup(self.site.end, victim)
        event['victim'] = victim.pid
        done = subprocess.run(['unshare', '--mount', '--uts', sys.executable, str(HERE / 'escape/app.py'),
                               json.dumps(event)], capture_output=True, text=True, timeout=30, check=False,
                              stdin=subprocess.DEVNULL, cwd=self.site.folder)
        if row.must == table.DENIED:
            self.assertIn('reached', done.stdout, done.stderr)
        else:
            self.assertEqual(done.returncode, 0, done.stderr)


class WithoutSite(Site):
    """With the tests' launcher in the place of the one that is installed."""

    def prepare(self, argv):
        script = 'mount --bind "$1" "$2"; shift 2; exec "$@"'
        return ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script, 'sh',
                os.environ['KELVIN_LAUNCHER_WITHOUT'], os.environ['KELVIN_LAUNCHER'], *argv]


class WithoutOrdinarySite(WithoutSite, OrdinarySite):
    def prepare(self, argv):
        return WithoutSite.prepare(self, OrdinarySite.prepare(self, argv))


class Without(unittest.TestCase):
    """That each mechanism is needed: without it at least one attack succeeds."""

    SEEN_BY_ROOT = {
        'user-namespace': 'become-root', 'mount-namespace': 'home', 'pid-namespace': 'see-processes',
        'network-namespace': 'abstract-socket', 'ipc-namespace': 'machines-shared-memory',
        'uts-namespace': 'learn-host-name', 'cgroup-namespace': 'learn-group', 'filter': 'key',
        'capabilities': 'low-port', 'sealed-root': 'write-root', 'memory': 'memory-bomb', 'cpu': 'processor-share',
        'processes': 'thread-bomb', 'open-files': 'descriptors', 'core-dumps': 'core-dumps',
        'locked-memory': 'lock-memory', 'ephemeral-storage': 'fill-tmp',
    }
    SEEN_BY_USER = {'read-only-mounts': 'write-code', 'mount-namespace': 'home', 'network-namespace': 'abstract-socket',
                    'capabilities': 'low-port', 'filter': 'key', 'memory': 'memory-bomb', 'processes': 'thread-bomb'}

    @classmethod
    def setUpClass(cls):
        if os.getuid() != 0 or kelvin.SANITIZED or 'KELVIN_LAUNCHER_WITHOUT' not in os.environ:
            raise unittest.SkipTest(tap.NOT_HERE + "the tests' launcher is put in place as root, by meson test")

    def open(self, site_type, mechanism):
        site = site_type()
        site.without = mechanism
        self.addCleanup(site.doCleanups)
        site.setUp()
        # Without namespaces processes may outlive their environment.
        self.addCleanup(lambda: self.end_all(kelvin.descendants(site.process.pid)))
        return site

    def end_all(self, processes):
        self.site.end(self.site.process)
        for pid, _ in kelvin.still_alive(processes):
            os.kill(pid, signal.SIGKILL)

    def attempt(self, site_type, mechanism, name):
        """What the attack came to, and whether its row is content with that."""
        self.site = self.open(site_type, mechanism)
        row = table.ROWS[name]
        answer, error = self.site.call(row.function, self.site.event(row))
        attacks = Attacks()
        attacks.site = self.site
        check = {table.DENIED: attacks.check_denied, table.CONTAINED: attacks.check_contained,
                 table.KILLED: attacks.check_killed}[row.must]
        try:
            check(row, answer, error)
        except AssertionError:
            return answer, error, False
        return answer, error, True

    def check(self, site_type, mechanism, name):
        answer, error, content = self.attempt(site_type, mechanism, name)
        # It worked: neither was it stopped, nor could the sandbox not be made.
        self.assertIsNone(error, answer)
        self.assertIn('reached', answer)
        self.assertFalse(content, f'{name} is stopped without {mechanism} too')

    def check_whole(self, site_type):
        answer, _, content = self.attempt(site_type, 'nothing', 'key')
        self.assertTrue(content, answer)


def tell_outcomes():
    """What each row came to: as whoever runs the tests, which is root, and as an ordinary user."""
    print(f'# {"row":24} {"tries":56} {"must be":10} {"as root":44} as an ordinary user')
    for row in table.ROWS.values():
        if row.name in OUTCOMES:
            root, user = (str(OUTCOMES[row.name].get(name, '-'))[:44] for name in ('AsRoot', 'AsOrdinaryUser'))
            print(f'# {row.name:24} {row.tries:56} {row.must:10} {root:44} {user}')


def tell_what_is_not_tried():
    for row in table.ROWS.values():
        if row.outside is not True:
            print(f'# {row.name:22} {row.tries:54} not tried outside: {row.outside}')


def add_tests():
    for row in table.ROWS.values():
        for case in (AsRoot, AsOrdinaryUser):
            setattr(case, f'test_{row.name}', lambda self, row=row: self.attack(row))
        if row.outside is True:
            setattr(Outside, f'test_{row.name}', lambda self, row=row: self.attack(row))


def add_mechanisms():
    for seen, site_type, who in ((Without.SEEN_BY_ROOT, WithoutSite, 'root'),
                                 (Without.SEEN_BY_USER, WithoutOrdinarySite, 'user')):
        for mechanism, name in seen.items():
            setattr(Without, f'test_{mechanism}_as_{who}_shows_in_{name}',
                    lambda self, given=(site_type, mechanism, name): self.check(*given))
        setattr(Without, f'test_nothing_left_out_as_{who}',
                lambda self, site_type=site_type: self.check_whole(site_type))


if __name__ == '__main__':
    add_tests()
    add_mechanisms()
    tell_what_is_not_tried()
    atexit.register(tell_outcomes)
    tap.main()
