#!/usr/bin/python3
"""Hostile functions: each is denied, contained or killed, and the engine serves the next function at once."""

import http.client
import json
import os
import pathlib
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
REFUSALS = {1, 2, 3, 13, 22, 25, 30, 38, 97, 101, 111}
AT_ONCE = 5 if not kelvin.SANITIZED else 30
NEXT = 'def handler(event, context):\n    return "served"\n'


class Site(kelvin.Case):
    """A served engine with the hostile functions, another one, and victims on the host."""

    def prepare(self, argv):
        return argv

    def setUp(self):
        super().setUp()
        files = {path.name: path.read_text(encoding='utf-8') for path in (HERE / 'escape').glob('*.py')}
        self.attacks = {timeout: self.function(f'attacks-{timeout}', files=files, Timeout=timeout, MemorySize=1024)
                        for timeout in {row.timeout for row in table.ROWS.values()}}
        self.other = self.python(NEXT, name='next', Timeout=10)
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

    def make_data(self):
        """The data folder is made by who uses it."""

    def listen(self, address):
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(address)
        listener.listen()
        return listener

    def serve(self):
        argv = self.argv('serve', *self.attacks.values(), self.other, '--port', '0')
        process = self.start(argv=self.prepare(argv))
        self.address = urllib.parse.urlsplit(process.stdout.readline().split()[-1])

    def event(self, row, **more):
        return {'row': row.name, 'home': str(self.folder), 'other': str(self.other / 'app.py'),
                'secret': str(self.data / 'history.db'), 'port': self.port_listener.getsockname()[1],
                'abstract': 'kelvin-test-' + self.folder.name, 'socket': str(self.folder / 'socket'),
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

    def tell(self, row, came_of_it):
        print(f'# {row.name:22} {row.tries:54} {row.must:10} {came_of_it}', flush=True)

    def attack(self, row):
        answer, error = self.site.call(f'attacks-{row.timeout}', self.site.event(row))
        check = {table.DENIED: self.check_denied, table.CONTAINED: self.check_contained,
                 table.KILLED: self.check_killed}[row.must]
        self.tell(row, check(row, answer, error))
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
        """In mount, uts and ipc namespaces of its own, so that the machine stays as it is."""
        event = self.site.event(row, task=str(self.site.attacks[row.timeout]), tmp=str(self.site.folder))
        victim = subprocess.Popen(['sleep', '600'])
        self.addCleanup(self.site.end, victim)
        event['victim'] = victim.pid
        done = subprocess.run(['unshare', '--mount', '--uts', '--ipc', sys.executable, str(HERE / 'escape/app.py'),
                               json.dumps(event)], capture_output=True, text=True, timeout=30, check=False,
                              stdin=subprocess.DEVNULL, cwd=self.site.folder)
        if row.must == table.DENIED:
            self.assertIn('reached', done.stdout, done.stderr)
        else:
            self.assertEqual(done.returncode, 0, done.stderr)


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


if __name__ == '__main__':
    add_tests()
    tell_what_is_not_tried()
    tap.main()
