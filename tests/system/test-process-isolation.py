#!/usr/bin/python3
"""Without namespaces: only when asked, said with each figure, and with nothing left behind; and what is said where no
sandbox can be made."""

import json
import os
import pathlib
import signal
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

WHO = '''
import os, tempfile
import vendored, layered
def handler(event, context):
    with open("/proc/self/cgroup") as groups, tempfile.NamedTemporaryFile() as temporary:
        return {"pid": os.getpid(), "task": os.environ["LAMBDA_TASK_ROOT"], "cwd": os.getcwd(), "file": __file__,
                "temporary": temporary.name, "value": vendored.VALUE + layered.VALUE,
                "names": [name for name in os.environ if name.startswith("KELVIN")]}
'''
NODE = '''
import {value} from "vendored";
export const handler = async () => value;
'''
# A daemon by a double fork, which ignores what can be ignored.
DAEMON = '''
import os, signal, time
def handler(event, context):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            os.execv("/bin/sleep", ["sleep", event["mark"]])
        os._exit(0)
    time.sleep(event.get("seconds", 0))
'''
FORKS = '''
import os, time
def handler(event, context):
    while True:
        try:
            os.fork()
        except OSError:
            time.sleep(0.001)
'''
TICK = '''
import threading, time
ticks = 0
def count():
    global ticks
    while True:
        time.sleep(0.01)
        ticks += 1
threading.Thread(target=count, daemon=True).start()
def handler(event, context):
    return ticks
'''
HOLD = '''
import time
def handler(event, context):
    held = bytearray(event << 20)
    for at in range(0, len(held), 4096):
        held[at] = 1
    time.sleep(0.05)
'''


def processes_of(mark):
    found = set()
    for entry in pathlib.Path('/proc').iterdir():
        try:
            if entry.name.isdigit() and mark.encode() in (entry / 'cmdline').read_bytes().split(b'\0'):
                found.add(int(entry.name))
        except OSError:
            continue
    return found


class Process(kelvin.Case):
    """As whoever runs the tests."""

    def prepare(self, argv):
        return argv

    def setUp(self):
        super().setUp()
        self.mark = f'{3600 + os.getpid() % 1000}.{self._testMethodName.__hash__() % 100000}'

    def call(self, *args, status=0):
        argv = self.argv(*args, '--isolation', 'process')
        return self.expect(self.run_argv(self.prepare(argv)), status)

    def run_one(self, folder, event=None, status=0):
        return self.call('invoke', folder, '--event-json', json.dumps(event or {}), '--json', status=status).json()

    def vendored(self):
        layer = self.folder / 'layer'
        self.write(layer / 'python/layered.py', 'VALUE = 2\n')
        self.write(layer / 'nodejs/node_modules/.keep', '')
        return self.function('vendored', files={'app.py': WHO, 'vendored/__init__.py': 'VALUE = 40\n',
                                                'function-readme': 'x'}, Layers=[str(layer)])

    def test_runs_with_code_layers_and_temporary_files_of_its_own(self):
        done = self.run_one(self.vendored())
        found = done['payload']
        self.assertEqual((found['value'], found['names']), (42, []))
        self.assertEqual((found['cwd'], found['file']), (found['task'], found['task'] + '/app.py'))
        self.assertTrue(found['task'].startswith(str(self.data)), found)
        self.assertTrue(found['temporary'].startswith(str(pathlib.Path(found['task']).parent / 'tmp')), found)
        self.assertFalse(pathlib.Path(found['task']).exists())
        self.assertFalse((self.data / 'environments').exists())

    def test_finds_modules_of_node(self):
        files = {'index.mjs': NODE, 'node_modules/vendored/package.json': '{"name": "vendored", "main": "index.js"}',
                 'node_modules/vendored/index.js': 'exports.value = 42;'}
        folder = self.function('f', 'nodejs20.x', 'index.handler', files)
        self.assertEqual(self.run_one(folder)['payload'], 42)

    def test_each_figure_says_so(self):
        folder = self.python('def handler(event, context):\n    return 1\n')
        done = self.run_one(folder)
        self.assertEqual(done['isolation'], 'process')
        self.assertEqual((done['limits']['ephemeralStorage'], done['ephemeralStorageUsedMB']), ('not enforced', None))
        profile = self.call('profile', folder, '--cold', '2', '--warm', '2', '--json').json()
        self.assertEqual((profile['isolation'], profile['limits']), ('process', done['limits']))
        self.assertIn('isolation  process', self.call('profile', folder, '--cold', '1', '--warm', '1').out)
        runs = self.expect(self.run_argv(self.prepare(self.argv('history', 'list', '--json'))), 0).json()['runs']
        self.assertEqual({run['isolation'] for run in runs}, {'process'})
        shown = self.run_argv(self.prepare(self.argv('history', 'show', done['runId'], '--json'))).json()
        self.assertEqual((shown['run']['limits'], shown['invocations'][0]['isolation']), (done['limits'], 'process'))
        text = self.run_argv(self.prepare(self.argv('history', 'show', done['runId']))).out
        self.assertRegex(text, r'isolation +process')

    def test_is_never_chosen_silently(self):
        folder = self.python('def handler(event, context):\n    return 1\n')
        done = self.expect(self.run_argv(self.prepare(self.argv('invoke', folder, '--json'))), 0).json()
        self.assertEqual(done['isolation'], 'namespaces')
        self.expect(self.run_argv(self.argv('invoke', folder, '--isolation', 'none')), 2, 'namespaces or process')

    def test_doctor_says_what_is_lost(self):
        lost = self.call('doctor', '--json').json()['processIsolation']
        self.assertEqual(lost['enforcement']['ephemeralStorage'], 'not enforced')
        self.assertGreaterEqual(len(lost['lost']), 6)
        self.assertIn('What is lost with --isolation process\n', self.call('doctor').out)

    def assert_none_left(self):
        self.assertTrue(kelvin.wait_until(lambda: not processes_of(self.mark), 2), processes_of(self.mark))

    def test_nothing_is_left_at_the_end(self):
        self.run_one(self.python(DAEMON, Timeout=10), {'mark': self.mark, 'seconds': 0.2})
        self.assert_none_left()

    def test_nothing_is_left_at_the_timeout(self):
        done = self.run_one(self.python(DAEMON, Timeout=1), {'mark': self.mark, 'seconds': 60}, status=1)
        self.assertEqual(done['status'], 'timeout')
        self.assert_none_left()

    def begin(self):
        """A run whose daemon lives, by the program; and the processes below it."""
        folder = self.python(DAEMON, Timeout=30)
        event = json.dumps({'mark': self.mark, 'seconds': 60})
        argv = self.argv('invoke', folder, '--event-json', event, '--isolation', 'process')
        process = self.start(argv=self.prepare(argv))
        self.assertTrue(kelvin.wait_until(lambda: processes_of(self.mark), 20), 'the daemon began')
        return process, kelvin.descendants(process.pid)

    def test_nothing_is_left_when_kelvin_is_killed(self):
        process, below = self.begin()
        process.kill()
        self.assert_none_left()
        self.assertTrue(kelvin.wait_until(lambda: not kelvin.still_alive(below), 2), kelvin.still_alive(below))
        self.expect(self.run_argv(self.prepare(self.argv('invoke', self.python('def handler(e, c):\n    pass\n', 'g')))), 0)
        self.assertFalse((self.data / 'environments').exists(), 'the next start removes the folder')

    def test_nothing_is_left_when_the_launcher_is_killed(self):
        process, below = self.begin()
        launchers = [pid for pid, _ in below if pathlib.Path(f'/proc/{pid}/comm').read_text().startswith('kelvin-laun')]
        first = min(launchers, key=lambda pid: kelvin.parent_of(pid) in launchers)
        os.kill(first, signal.SIGKILL)
        self.assert_none_left()
        process.wait(20)
        self.assertTrue(kelvin.wait_until(lambda: not kelvin.still_alive(below), 2), kelvin.still_alive(below))

    def test_a_fork_bomb_ends_with_its_time(self):
        if not isinstance(self, ProcessOrdinary) and not self.has_groups():
            self.skipTest(tap.NOT_HERE + 'nothing limits the processes of root without control groups')
        done = self.run_one(self.python(FORKS, Timeout=2), status=1)
        self.assertIn(done['status'], ('timeout', 'out-of-memory'))
        folder = str(self.data / 'environments')
        self.assertTrue(kelvin.wait_until(lambda: not self.running_below(folder), 5), 'processes are left')

    def running_below(self, folder):
        for entry in pathlib.Path('/proc').iterdir():
            try:
                if entry.name.isdigit() and os.readlink(entry / 'cwd').startswith(folder):
                    return True
            except OSError:
                continue
        return False

    def has_groups(self):
        return self.call('doctor', '--json').json()['processIsolation']['limits']['memory'].startswith('cgroup')

    def test_is_frozen_between_invocations(self):
        folder = self.python(TICK, Timeout=10)
        process = self.start(argv=self.prepare(self.argv('serve', folder, '--port', '0', '--isolation', 'process')))
        url = process.stdout.readline().split()[-1]
        self.post(url, 'f', {})
        time.sleep(0.1)
        before = self.post(url, 'f', {})
        time.sleep(1)
        self.assertLess(self.post(url, 'f', {}) - before, 30)

    def test_memory_is_held_and_reported(self):
        folder = self.python(HOLD, MemorySize=300, Timeout=20)
        for megabytes in (50, 200):
            used = self.run_one(folder, megabytes)['maxMemoryUsedMB']
            self.assertTrue(megabytes <= used <= megabytes * 1.1 + 15, used)
        done = self.run_one(self.python(HOLD, 'g', MemorySize=128, Timeout=20), 400, status=1)
        self.assertEqual((done['status'], done['maxMemoryUsedMB']), ('out-of-memory', 128))


class ProcessOrdinary(Process):
    """As a user without any privilege."""

    def setUp(self):
        super().setUp()
        if os.getuid() == 0:
            self.data.mkdir()
            os.chown(self.data, kelvin.ORDINARY_USER, kelvin.ORDINARY_USER)

    def prepare(self, argv):
        return kelvin.as_ordinary_user(argv)


class Restricted(kelvin.Case):
    """Where no sandbox can be made: as in a container whose filter forbids it, as root and as an ordinary user, and
    where user namespaces are switched off."""

    def setUp(self):
        super().setUp()
        self.ordinary = self.folder / 'ordinary'
        if os.getuid() == 0:
            self.ordinary.mkdir()
            os.chown(self.ordinary, kelvin.ORDINARY_USER, kelvin.ORDINARY_USER)
        self.f = self.python('def handler(event, context):\n    return event\n')

    def places(self):
        """What runs a command there, its data folder, and a word of the fix."""
        yield 'container, root', kelvin.like_in_container, self.data, 'seccomp=unconfined'
        yield ('container, ordinary user', lambda argv: kelvin.as_ordinary_user(kelvin.like_in_container(argv)),
               self.ordinary, 'seccomp=unconfined')
        yield 'switched off', kelvin.without_user_namespaces, self.data, 'sysctl user.max_user_namespaces'

    def command(self, data, *args):
        return [kelvin.PROGRAM, *map(str, args), '--data-dir', str(data)]

    def test_says_the_fix_and_measures_without(self):
        for name, place, data, fix in self.places():
            with self.subTest(name):
                self.expect(self.run_argv(place(self.command(data, 'invoke', self.f))), 3, fix, '--isolation process')
                profile = self.expect(self.run_argv(place(self.command(
                    data, 'profile', self.f, '--cold', '3', '--warm', '5', '--json', '--isolation', 'process'))), 0).json()
                self.assertEqual((profile['isolation'], profile['cold']['errors'], profile['cold']['count']),
                                 ('process', 0, 3))

    def test_doctor_names_the_fix_and_what_is_lost(self):
        for name, place, data, fix in self.places():
            with self.subTest(name):
                done = self.run_argv(place(self.command(data, 'doctor', '--json')))
                self.assertEqual(done.status, 3, str(done))
                machine = done.json()
                self.assertFalse(machine['isolation']['userNamespaces'])
                self.assertIn(fix, ' '.join(problem['fix'] for problem in machine['problems']))
                self.assertEqual(set(machine['enforcement'].values()), {'not enforced'})
                self.assertTrue(machine['processIsolation']['lost'])


if __name__ == '__main__':
    tap.main()
