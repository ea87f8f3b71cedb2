"""Runs the built program from outside: functions, data folders and users for the system tests."""

import base64
import http.client
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get('KELVIN_PROGRAM', str(ROOT / '_build/app/kelvin'))
EXAMPLES = ROOT / 'examples'
# Sanitizers cost time: figures are then checked for their presence alone.
SANITIZED = bool(os.environ.get('KELVIN_SANITIZED'))
NO_EVENT = object()
ORDINARY_USER = 61234  # in no passwd file; what it may do comes from the kernel alone


class Outcome:
    """How a program ended and what it said."""

    def __init__(self, status, out, err):
        self.status = status
        self.out = out
        self.err = err

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return f'exit {self.status}\n--- standard output\n{self.out}\n--- standard error\n{self.err}'


def clean_environment(folder):
    kept = {name: value for name, value in os.environ.items()
            if name.startswith(('ASAN_', 'UBSAN_', 'LSAN_', 'PATH'))}
    return {**kept, 'HOME': str(folder), 'LC_ALL': 'C.UTF-8', 'XDG_DATA_HOME': str(folder / 'share')}


def blocked_ancestors(path):
    """The folders above a path that an ordinary user can't enter."""
    return [folder for folder in reversed(pathlib.Path(path).parents) if not folder.stat().st_mode & 0o001]


def as_ordinary_user(argv):
    """The command that runs argv as a user without any privilege; what it needs of the tree is made reachable in
    a mount namespace of its own."""
    if os.getuid() != 0:
        return argv
    drop = ['setpriv', f'--reuid={ORDINARY_USER}', f'--regid={ORDINARY_USER}', '--clear-groups',
            '--bounding-set=-all', '--inh-caps=-all']
    blocked = blocked_ancestors(PROGRAM)
    if not blocked:
        return drop + argv
    tree, top = str(ROOT), str(blocked[0])
    script = ('set -e; exec 9<"$1"; mount -t tmpfs -o mode=755 tmpfs "$2"; mkdir -p "$1"; '
              'mount --rbind /proc/self/fd/9 "$1"; exec 9<&-; cd /; shift 2; exec "$@"')
    return ['unshare', '--mount', 'sh', '-c', script, 'sh', tree, top] + drop + argv


def without_user_namespaces(argv):
    """The command that runs argv where no user namespace may be made any more."""
    script = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"'
    return ['unshare', '--user', '--map-root-user', 'sh', '-c', script, 'sh'] + argv


def like_in_container(argv):
    """The command that runs argv under the filter of system calls that containers have."""
    return ['/usr/bin/python3', str(pathlib.Path(__file__).with_name('container_filter.py')), *argv]


def on_small_disk(folder, size, argv):
    """The command that runs argv with a file system of that size mounted at folder."""
    script = 'mount -t tmpfs -o size="$2",mode=700 tmpfs "$1"; shift 2; exec "$@"'
    namespace = ['--mount'] if os.getuid() == 0 else ['--user', '--map-root-user', '--mount']
    return ['unshare', *namespace, 'sh', '-c', script, 'sh', str(folder), size] + argv


def descendants(pid):
    """(pid, start time) of a process and of all below it."""
    parents = {}
    for entry in pathlib.Path('/proc').iterdir():
        if entry.name.isdigit():
            fields = read_stat(int(entry.name))
            if fields:
                parents[int(entry.name)] = (int(fields[1]), fields[19])
    found = {pid}
    grew = True
    while grew:
        grew = False
        for child, (parent, _) in parents.items():
            if parent in found and child not in found:
                found.add(child)
                grew = True
    return {(child, parents[child][1]) for child in found if child in parents}


def read_stat(pid):
    """The fields of /proc/PID/stat after the name, state first; None when the process is gone."""
    try:
        return pathlib.Path(f'/proc/{pid}/stat').read_text(encoding='utf-8').rpartition(')')[2].split()
    except OSError:
        return None


def parent_of(pid):
    fields = read_stat(pid)
    return int(fields[1]) if fields else None


def still_alive(processes):
    """Those of (pid, start time) that have neither ended nor are waiting to be reaped."""
    alive = set()
    for pid, start in processes:
        fields = read_stat(pid)
        if fields and fields[19] == start and fields[0] not in 'ZX':
            alive.add((pid, start))
    return alive


class Answer:
    """What the endpoint answered to an Invoke call."""

    def __init__(self, status, headers, content):
        self.status = status
        self.content = content
        self.error = headers['X-Amz-Function-Error']
        self.log = base64.b64decode(headers['X-Amz-Log-Result'] or '').decode(errors='replace')

    def json(self):
        return json.loads(self.content)


def post(url, body, headers=None, timeout=60):
    address = urllib.parse.urlsplit(url)
    link = http.client.HTTPConnection(address.hostname, address.port, timeout=timeout)
    try:
        link.request('POST', address.path, body, headers or {})
        answer = link.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        link.close()


def wait_until(condition, seconds, step=0.01):
    """Whether the condition came true in time; polling, because what is waited for is another program's."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(step)
    return bool(condition())


class Case(unittest.TestCase):
    """A temporary folder with functions and a data folder in it, seen by every user."""

    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='kelvin-test-'))
        self.folder.chmod(0o755)
        self.data = self.folder / 'data'
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    # Functions

    def function(self, name, runtime='python3.11', handler='app.handler', files=None, **config):
        """Makes a function; files maps names to text or bytes. Gives its folder."""
        folder = self.folder / name
        folder.mkdir()
        config = {'Runtime': runtime, 'Handler': handler, **config}
        (folder / 'function.json').write_text(json.dumps(config, indent=2), encoding='utf-8')
        for path, content in (files or {}).items():
            self.write(folder / path, content)
        return folder

    def write(self, path, content):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if path.name == 'bootstrap':
            path.chmod(0o755)

    def python(self, code, name='f', **config):
        return self.function(name, files={'app.py': code}, **config)

    def node(self, code, name='f', file='index.mjs', **config):
        return self.function(name, 'nodejs20.x', 'index.handler', {file: code}, **config)

    def bootstrap(self, script, name='f', **config):
        return self.function(name, 'provided.al2023', 'handler', {'bootstrap': script}, **config)

    # Running

    def argv(self, *args):
        return [PROGRAM, *map(str, args), '--data-dir', str(self.data)]

    def environment(self, **more):
        return {**clean_environment(self.folder), **more}

    def run_argv(self, argv, stdin=None, timeout=120, env=None):
        given = {'stdin': subprocess.DEVNULL} if stdin is None else {'input': stdin}
        done = subprocess.run(argv, capture_output=True, timeout=timeout, check=False, cwd=self.folder,
                              env=env or self.environment(), **given)
        return Outcome(done.returncode, done.stdout.decode(errors='replace'), done.stderr.decode(errors='replace'))

    def kelvin(self, *args, stdin=None, timeout=120, env=None):
        return self.run_argv(self.argv(*args), stdin, timeout, env)

    def start(self, *args, argv=None):
        """Starts the program without waiting for it."""
        process = subprocess.Popen(argv or self.argv(*args), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, cwd=self.folder, env=self.environment())
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    # Asking

    def post(self, url, name, event):
        """What a served function answers."""
        link = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=60)
        self.addCleanup(link.close)
        link.request('POST', f'/2015-03-31/functions/{name}/invocations', json.dumps(event))
        return json.loads(link.getresponse().read())

    def expect(self, outcome, status, *words):
        """Checks the exit status, and that each of these words stands in what it said on standard error."""
        self.assertEqual(outcome.status, status, str(outcome))
        for word in words:
            self.assertIn(word, outcome.err, str(outcome))
        if status >= 2:
            self.assertEqual(outcome.out, '', str(outcome))
            self.assertNotEqual(outcome.err.strip(), '', str(outcome))
            self.assertNotIn('CRITICAL', outcome.err)
        return outcome

    def invoke(self, folder, event=NO_EVENT, *options, status=0):
        """The document of `invoke --json`."""
        given = () if event is NO_EVENT else ('--event-json', json.dumps(event))
        return self.expect(self.kelvin('invoke', folder, *given, '--json', *options), status).json()

    def runs(self):
        return self.expect(self.kelvin('history', 'list', '--json'), 0).json()['runs']
