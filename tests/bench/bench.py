#!/usr/bin/python3
"""bench.py [NAME…] [--json]: the figures of docs/architecture.md, side by side in one run. NAME is the beginning of the names of figures to
measure: cold, sandbox, warm, endpoint, door, window, history. A slow day fails nothing; a figure that can't be measured exits 1."""

import argparse
import http.client
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / '_build'
PROGRAM = BUILD / 'app/kelvin'
BENCH = BUILD / 'tests/bench'
HELLO = ROOT / 'examples/hello-python'

BATCHES = 5  # what is compared is measured in turns, so that a slow minute meets both
STARTS = 40  # in a batch
WARM = 2000


def figure(name, value, unit, target=None, better='lower', peer=None, note=None):
    ok = None if target is None else (value <= target if better == 'lower' else value >= target)
    return {'name': name, 'value': round(value, 3), 'unit': unit, 'target': target, 'better': better, 'ok': ok,
            'peer': peer, 'note': note}


def peer(name, value):
    return {'name': name, 'value': round(value, 3)}


def percentile(samples, percent):
    """Nearest rank."""
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def start_times(*argv, times=STARTS):
    """Milliseconds from execution to the first byte written."""
    done = subprocess.run([BENCH / 'bench-start', str(times), *map(str, argv)], check=True, capture_output=True, text=True)
    return [float(line) for line in done.stdout.split()]


def kelvin_json(data, *args):
    done = subprocess.run([PROGRAM, *map(str, args), '--json', '--data-dir', data], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def interpreter(data):
    """The Python that Kelvin itself would take for the example, so that both start the same one."""
    return kelvin_json(data, 'profile', HELLO, '--cold', 1, '--warm', 0)['runtime']['path']


def bench_cold(data):
    python = interpreter(data)
    bare, cold, runtime = [], [], []
    for _ in range(BATCHES):
        bare += start_times(python, '-S', '-c', 'import os; os.write(1, b"x")')
        document = kelvin_json(data, 'profile', HELLO, '--cold', STARTS, '--warm', 0)['cold']
        cold += document['totalMs']['samples']
        runtime.append(document['phases']['runtimeMs']['p50'])
    difference = statistics.median(cold) - statistics.median(bare)
    name = f'bare {pathlib.Path(python).name} -S'
    yield figure('cold.p50', statistics.median(cold), 'ms', peer=peer(name, statistics.median(bare)), note=f'n = {len(cold)}')
    yield figure('cold.p99', percentile(cold, 99), 'ms', peer=peer(name, percentile(bare, 99)), note=f'n = {len(cold)}')
    yield figure('cold.added', difference, 'ms', target=5, note='cold.p50 over the bare interpreter; the aim is 3')


def bench_sandbox(data):
    sandbox, bwrap = [], []
    command = ['--unshare-all', '--ro-bind', '/usr', '/usr', '--symlink', 'usr/bin', '/bin', '--symlink', 'usr/lib', '/lib',
               '--symlink', 'usr/lib64', '/lib64', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--die-with-parent']
    there = shutil.which('bwrap')
    for _ in range(BATCHES):
        document = kelvin_json(data, 'profile', HELLO, '--cold', STARTS, '--warm', 0)
        sandbox.append(document['cold']['phases']['sandboxMs']['p50'])
        if there:
            bwrap += start_times(there, *command, '/usr/bin/echo', 'x')
    other = peer('bwrap, the same namespaces, with its echo', statistics.median(bwrap)) if bwrap else None
    yield figure('sandbox.ready.p50', statistics.median(sandbox), 'ms', target=3, peer=other)


def hello_on_a_core(data):
    """The hello function with the memory that gives it a whole core: its peers' functions aren't held back either."""
    folder = pathlib.Path(data) / 'functions' / HELLO.name
    if not folder.exists():
        shutil.copytree(HELLO, folder)
        document = json.loads((folder / 'function.json').read_text())
        document['MemorySize'] = 1769
        (folder / 'function.json').write_text(json.dumps(document))
    return folder


def bench_warm(data):
    """One call after another, from the engine's admission to its answer, without the endpoint."""
    samples = kelvin_json(data, 'profile', hello_on_a_core(data), '--cold', 1, '--warm', WARM)['warm']['totalMs']['samples']
    yield figure('warm.p50', statistics.median(samples), 'ms', target=0.3, note=f'n = {len(samples)}, one after another')
    yield figure('warm.p99', percentile(samples, 99), 'ms')
    yield figure('warm.rate', 1000 * len(samples) / sum(samples), 'requests/s', better='higher', note='of one environment')


def call(link, path):
    started = time.perf_counter()
    link.request('POST', path, b'{"name": "Ada"}')
    answer = link.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f'the endpoint answered {answer.status}')
    return (time.perf_counter() - started) * 1000


def bench_endpoint(data):
    """Through the local Lambda endpoint, by a client in Python on one connection; its own time is in the figures."""
    server = subprocess.Popen([PROGRAM, 'serve', hello_on_a_core(data), '--port', '0', '--data-dir', data], stdout=subprocess.PIPE, text=True)
    try:
        address = urllib.parse.urlsplit(server.stdout.readline().split()[-1])
        link = http.client.HTTPConnection(address.hostname, address.port)
        path = f'/2015-03-31/functions/{HELLO.name}/invocations'
        for _ in range(20):
            call(link, path)
        started = time.perf_counter()
        samples = [call(link, path) for _ in range(WARM)]
        took = time.perf_counter() - started
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
    yield figure('endpoint.warm.p50', statistics.median(samples), 'ms', note='with the time of a client in Python')
    yield figure('endpoint.warm.rate', len(samples) / took, 'requests/s', better='higher')


RUN_CLIENT = '''
import subprocess
def handler(event, context):
    return subprocess.run(event, check=True, capture_output=True, text=True).stdout
'''


def function_with_door(data, port):
    """A function with all of the machine's time, that runs the client of bench-door at a door's inner side."""
    folder = pathlib.Path(data) / 'functions' / 'door'
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy2(BENCH / 'bench-door', folder)
    (folder / 'app.py').write_text(RUN_CLIENT)
    (folder / 'function.json').write_text(json.dumps({
        'Runtime': 'python3.11', 'Handler': 'app.handler', 'MemorySize': 10240, 'Timeout': 60,
        'Kelvin': {'Doors': [{'Name': 'bench', 'Host': 'bench.internal', 'Port': 5000, 'To': f'127.0.0.1:{port}'}]}}))
    return folder


def bench_door(data):
    """The same client of the same server, straight on the loopback device and through a door, in turns."""
    server = subprocess.Popen([BENCH / 'bench-door', 'serve'], stdout=subprocess.PIPE, text=True)
    try:
        port = server.stdout.readline().strip()
        folder = function_with_door(data, port)

        def straight(what, amount):
            done = subprocess.run([BENCH / 'bench-door', what, '127.0.0.1', port, amount], check=True, capture_output=True, text=True)
            return [float(line) for line in done.stdout.split()]

        def through(what, amount):
            argv = json.dumps(['/var/task/bench-door', what, 'bench.internal', '5000', amount])
            return [float(line) for line in kelvin_json(data, 'invoke', folder, '--event-json', argv)['payload'].split()]

        connects, carried = ([], []), ([], [])
        for _ in range(BATCHES):
            for kept, way in zip(connects, (straight, through)):
                kept.extend(microseconds / 1000 for microseconds in way('connect', '500'))
            for kept, way in zip(carried, (straight, through)):
                kept.extend(way('carry', '2048'))
    finally:
        server.kill()
        server.wait()
    bare, door = map(statistics.median, connects)
    yield figure('door.connect.added', door - bare, 'ms', target=0.1, peer=peer('straight, connection and first byte', bare),
                 note=f'n = {len(connects[1])}')
    bare, door = map(statistics.median, carried)
    yield figure('door.carries', door, 'GB/s', target=1, better='higher', peer=peer('straight', bare), note=f'{len(carried[1])} × 2 GiB')


def bench_window(data):
    sys.path.insert(0, str(ROOT / 'tests/ui'))
    import desktop
    from mapping import time_to_map
    with desktop.desktop():
        argv = [str(PROGRAM), str(HELLO), '--data-dir', data]
        bare_argv = [str(BENCH / 'bench-window')]
        for program in (argv, bare_argv):
            time_to_map(program)  # files come into memory
        times, bare = [], []
        for _ in range(9):
            times.append(time_to_map(argv))
            bare.append(time_to_map(bare_argv))
    yield figure('window.start', statistics.median(times), 'ms', target=300,
                 peer=peer('an empty window of GTK and libadwaita', statistics.median(bare)),
                 note='until the window is mapped, under Xvfb')


def bench_history(data):
    done = subprocess.run([BENCH / 'bench-history'], check=True, capture_output=True, text=True)
    for line in done.stdout.splitlines():
        read = json.loads(line)
        yield figure(read['name'], read['value'], read['unit'], read.get('target'), read.get('better', 'lower'), read.get('peer'))


BENCHES = {'cold': bench_cold, 'sandbox': bench_sandbox, 'warm': bench_warm, 'endpoint': bench_endpoint,
           'door': bench_door, 'window': bench_window, 'history': bench_history}


def show(read):
    goal = ''
    if read['target'] is not None:
        goal = f'{"reached" if read["ok"] else "missed"}: {"at most" if read["better"] == "lower" else "at least"} {read["target"]:g}'
    beside = f'{read["peer"]["value"]:g} {read["unit"]} {read["peer"]["name"]}' if read['peer'] else ''
    rest = ' · '.join(part for part in (goal, beside, read['note']) if part)
    print(f'{read["name"]:<24}{read["value"]:>12,.3f} {read["unit"]:<14}{rest}', flush=True)


def measure(names):
    with tempfile.TemporaryDirectory(prefix='kelvin-bench-') as data:
        for name, bench in BENCHES.items():
            if not names or any(name.startswith(wanted) or wanted.startswith(name) for wanted in names):
                for read in bench(data):
                    if not names or any(read['name'].startswith(wanted) for wanted in names):
                        yield read


def main():
    parser = argparse.ArgumentParser(prog='build-aux/bench', description='Figures of Kelvin, side by side with peers.')
    parser.add_argument('names', nargs='*', metavar='NAME', help=f'only figures that begin so: {", ".join(BENCHES)}')
    parser.add_argument('--json', action='store_true', help='one JSON document')
    options = parser.parse_args()
    figures = []
    try:
        for read in measure(options.names):
            figures.append(read)
            if not options.json:
                show(read)
    except subprocess.CalledProcessError as error:
        print(f'{error}\n{error.stderr}', file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps({'figures': figures}, indent=2))
    return 0 if figures else 2


if __name__ == '__main__':
    os.environ['LC_ALL'] = 'C.UTF-8'
    sys.exit(main())
