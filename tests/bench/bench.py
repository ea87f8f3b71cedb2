#!/usr/bin/python3
"""bench.py [NAME…] [--json]: the figures of docs/architecture.md, side by side in one run. NAME is the beginning of the names of figures to
measure: dispatch, cold, sandbox, freeze, churn, environments, warm, endpoint, door, window, flame, profile, history. A slow day fails nothing; a figure that can't be measured exits 1."""

import argparse
import asyncio
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

import limits

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / '_build'
PROGRAM = BUILD / 'app/kelvin'
BENCH = BUILD / 'tests/bench'
HELLO = ROOT / 'examples/hello-python'
HELLO_NODE = ROOT / 'examples/hello-node'

BATCHES = 5  # what is compared is measured in turns, so that a slow minute meets both
STARTS = 40  # in a batch
UNPARKED_RUNS = 4  # of two starts each: nothing is made ahead for those
WARM = 2000
FREEZES = 1000
ENVIRONMENTS = 1000
HOLD_S = 20  # longer than it takes to start them all


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
    """Milliseconds from execution to the first byte written, in an environment as empty as a function's: NODE_EXTRA_CA_CERTS
    alone doubles the start of Node."""
    done = subprocess.run([BENCH / 'bench-start', str(times), *map(str, argv)], check=True, capture_output=True, text=True,
                          env={'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8'})
    return [float(line) for line in done.stdout.split()]


def kelvin_json(data, *args):
    done = subprocess.run([PROGRAM, *map(str, args), '--json', '--data-dir', data], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def cold_starts(data, folder, times):
    """(milliseconds in all, those of the sandbox, whether that had been made ahead) of each."""
    run = kelvin_json(data, 'profile', folder, '--cold', times, '--warm', 0)['runId']
    shown = kelvin_json(data, 'history', 'show', run, '--limit', times)
    return [(sum(one['phases'].values()), one['phases']['sandboxMs'], one['sandboxParked']) for one in shown['invocations']]


def bare_start(data, folder):
    """(what it is called, the command) of a one-line program for the interpreter that Kelvin takes for the function."""
    path = kelvin_json(data, 'profile', folder, '--cold', 1, '--warm', 0)['runtime']['path']
    if folder == HELLO:
        return f'bare {pathlib.Path(path).name} -S', [path, '-S', '-c', 'import os; os.write(1, b"x")']
    return f'bare {pathlib.Path(path).name}', [path, '-e', 'require("fs").writeSync(1, "x")']


def bench_cold(data):
    """From request to response; a short run has its sandboxes made when it asks, a long one ahead but for the first."""
    for language, folder, limit in (('', HELLO, 3), ('.node', HELLO_NODE, 3)):
        name, command = bare_start(data, folder)
        bare, ahead, asked = [], [], []
        for _ in range(BATCHES):
            bare += start_times(*command)
            for _ in range(UNPARKED_RUNS):
                asked += [total for total, _, parked in cold_starts(data, folder, 2) if not parked]
            ahead += [total for total, _, parked in cold_starts(data, folder, STARTS) if parked]
        beside = peer(name, statistics.median(bare))
        yield figure(f'cold{language}.p50', statistics.median(asked), 'ms', peer=beside, note=f'n = {len(asked)}')
        yield figure(f'cold{language}.p99', percentile(asked + ahead, 99), 'ms', peer=peer(name, percentile(bare, 99)), note=f'n = {len(asked + ahead)}, parked ones too')
        yield figure(f'cold{language}.added', statistics.median(asked) - statistics.median(bare), 'ms', target=limit, note='p50 over the bare interpreter')
        yield figure(f'cold{language}.parked.added', statistics.median(ahead) - statistics.median(bare), 'ms', target=0.5,
                     note=f'with a sandbox made ahead, n = {len(ahead)}')


def bench_sandbox(data):
    asked, ahead, bwrap = [], [], []
    command = ['--unshare-all', '--ro-bind', '/usr', '/usr', '--symlink', 'usr/bin', '/bin', '--symlink', 'usr/lib', '/lib',
               '--symlink', 'usr/lib64', '/lib64', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--die-with-parent']
    there = shutil.which('bwrap')
    for _ in range(BATCHES):
        for _ in range(UNPARKED_RUNS):
            asked += [ready for _, ready, parked in cold_starts(data, HELLO, 2) if not parked]
        ahead += [ready for _, ready, parked in cold_starts(data, HELLO, STARTS) if parked]
        if there:
            bwrap += start_times(there, *command, '/usr/bin/echo', 'x')
    other = peer('bwrap, the same namespaces, with its echo', statistics.median(bwrap)) if bwrap else None
    yield figure('sandbox.ready.p50', statistics.median(asked), 'ms', target=3, peer=other)
    yield figure('sandbox.parked.p50', statistics.median(ahead), 'ms', note='made ahead as far as it is the same for every function')
    without = kelvin_json(data, 'profile', HELLO, '--cold', STARTS, '--warm', 0, '--isolation', 'process')
    yield figure('sandbox.process.p50', without['cold']['phases']['sandboxMs']['p50'], 'ms', note='--isolation process: a copy of the code')
    yield from limits.bench(figure, kelvin_json, data)


def numbers(*argv):
    done = subprocess.run([BENCH / 'bench-sandbox', *map(str, argv)], check=True, capture_output=True, text=True)
    return done.stdout


def bench_freeze(data):
    """From an event to its answer, by a process that ran and by one that had been frozen."""
    running, frozen = [], []
    for _ in range(BATCHES):
        samples = [float(line) for line in numbers('freeze', FREEZES).split()]
        running += samples[:FREEZES]
        frozen += samples[FREEZES:]
    bare = statistics.median(running)
    yield figure('freeze.added', (statistics.median(frozen) - bare) * 1000, 'µs', target=40,
                 peer=peer('from a process that runs', bare * 1000), note=f'n = {len(frozen)}')


def groups_and_mounts():
    """Control groups of Kelvin's, mounts, and namespaces that are there now."""
    groups = sum(1 for _ in pathlib.Path('/sys/fs/cgroup').rglob('kelvin-*'))
    mounts = len(pathlib.Path('/proc/self/mountinfo').read_text().splitlines())
    spaces = set()
    for entry in pathlib.Path('/proc').iterdir():
        if entry.name.isdigit():
            try:
                spaces.update(os.readlink(entry / 'ns' / kind) for kind in ('mnt', 'net', 'pid', 'user', 'ipc', 'uts'))
            except OSError:
                pass
    return {'groups': groups, 'mounts': mounts, 'namespaces': len(spaces)}


def bench_churn(data):
    """Sandboxes made and ended for as long as KELVIN_BENCH_SECONDS says, 10 s unless told."""
    before = groups_and_mounts()
    document = json.loads(numbers('churn', os.environ.get('KELVIN_BENCH_SECONDS', '10')))
    after = groups_and_mounts()
    grown = {name: after[name] - before[name] for name in before}
    grown.update((name, document['after'][name] - document['before'][name]) for name in ('descriptors', 'launcherDescriptors'))
    leaked = {name: count for name, count in grown.items() if count > 0}
    memory = sum(document['after'][name] - document['before'][name] for name in ('residentKB', 'launcherResidentKB'))
    yield figure('churn.rate', document['perS'], 'sandboxes/s', target=300, better='higher', note=f'{document["made"]} made and ended')
    yield figure('churn.leaked', sum(leaked.values()), 'things', target=0, note=json.dumps(leaked) if leaked else 'descriptors, groups, mounts, namespaces')
    yield figure('churn.memory', memory, 'KB', target=256, note='more in engine and launcher than after the first half second')


HELLO_IN_C = r'''
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The first event is held until all environments are there. */
int main(void)
{
  struct sockaddr_in where = { .sin_family = AF_INET, .sin_port = htons(9001), .sin_addr.s_addr = htonl(0x7f000001) };
  int link = socket(AF_INET, SOCK_STREAM, 0);
  char text[8192];
  if (connect(link, (struct sockaddr *)&where, sizeof where) != 0)
    return 1;
  for (int n = 0;; n++) {
    static const char next[] = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n";
    if (write(link, next, sizeof next - 1) < 0)
      return 1;
    ssize_t size = read(link, text, sizeof text - 1);
    if (size <= 0)
      return 1;
    text[size] = 0;
    char *id = strcasestr(text, "lambda-runtime-aws-request-id: ");
    if (!id)
      return 1;
    id += strlen("lambda-runtime-aws-request-id: ");
    id[36] = 0;
    if (n == 0)
      sleep(HOLD);
    char answer[512];
    int length = snprintf(answer, sizeof answer, "POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n\"hello\"", id);
    if (write(link, answer, length) != length || read(link, text, sizeof text) <= 0)
      return 1;
  }
}
'''


def hello_in_c(data):
    folder = pathlib.Path(data) / 'functions' / 'hello-c'
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(['cc', '-O2', '-D_GNU_SOURCE', f'-DHOLD={HOLD_S}', '-x', 'c', '-', '-o', folder / 'bootstrap'], input=HELLO_IN_C,
                   check=True, capture_output=True, text=True)
    (folder / 'function.json').write_text(json.dumps({'Runtime': 'provided.al2023', 'Handler': 'x', 'MemorySize': 128, 'Timeout': 60}))
    return folder


def proportional_kb(pid):
    for line in pathlib.Path(f'/proc/{pid}/smaps_rollup').read_text().splitlines():
        if line.startswith('Pss:'):
            return int(line.split()[1])
    return 0


def kernel_kb():
    """What the kernel itself took, all of it."""
    fields = dict(line.split(':') for line in pathlib.Path('/proc/meminfo').read_text().splitlines())
    return sum(int(fields[name].split()[0]) for name in ('Slab', 'KernelStack', 'PageTables', 'Percpu') if name in fields)


def children(pid):
    return [int(child) for task in pathlib.Path(f'/proc/{pid}/task').iterdir() for child in (task / 'children').read_text().split()]


def own_kb(server):
    """Of the engine, the launcher, and each environment's pid 1."""
    launchers = children(server.pid)
    firsts = [child for launcher in launchers for child in children(launcher)]
    return sum(proportional_kb(pid) for pid in [server.pid, *launchers, *firsts]), len(firsts)


async def ask_at_once(address, path, count):
    async def ask():
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(f'POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}'.encode())
        answer = await reader.read()
        writer.close()
        return answer.startswith(b'HTTP/1.1 200') and answer.endswith(b'"hello"')
    return sum(await asyncio.gather(*(ask() for _ in range(count))))


def bench_environments(data):
    """So many environments of a bootstrap in C at once, each with an event, and then idle."""
    server = subprocess.Popen([PROGRAM, 'serve', hello_in_c(data), '--port', '0', '--data-dir', data], stdout=subprocess.PIPE, text=True)
    try:
        address = urllib.parse.urlsplit(server.stdout.readline().split()[-1])
        path = '/2015-03-31/functions/hello-c/invocations'
        before, kernel, (own, _) = time.perf_counter(), kernel_kb(), own_kb(server)
        answered = asyncio.run(ask_at_once(address, path, ENVIRONMENTS))
        took = time.perf_counter() - before
        time.sleep(0.5)
        own_after, there = own_kb(server)
        kernel_after = kernel_kb()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
    yield figure('environments.atOnce', answered, 'answered', target=ENVIRONMENTS, better='higher', note=f'{there} environments, {took:.1f} s, of which {HOLD_S} s are the handler\'s')
    yield figure('environments.user', (own_after - own) / ENVIRONMENTS, 'KB', target=200, note='of an idle one, in engine, launcher and its pid 1')
    yield figure('environments.kernel', (kernel_after - kernel) / ENVIRONMENTS, 'KB', target=1024, note='of an idle one, with that of its own process')


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


FLAME_FRAME_MS = 1000 / 60


def bench_flame(data):
    """A flame graph of 20,000 frames, zoomed and panned in every frame, under Xvfb."""
    sys.path.insert(0, str(ROOT / 'tests/ui'))
    import desktop
    with desktop.desktop():
        environment = {**os.environ, 'GDK_BACKEND': 'x11', 'GSK_RENDERER': 'cairo', 'GSETTINGS_BACKEND': 'memory'}
        done = subprocess.run([BENCH / 'bench-flame'], check=True, capture_output=True, text=True, env=environment)
    read = json.loads(done.stdout)
    yield figure('flame.paint.p50', read['paintP50'], 'ms', note=f'a frame of {read["frames"]} in it, laid out and painted in software')
    yield figure('flame.paint.p95', read['paintP95'], 'ms', target=FLAME_FRAME_MS)
    yield figure('flame.paint.p99', read['paintP99'], 'ms')
    yield figure('flame.interval.p95', read['intervalP95'], 'ms', note=f'from frame to frame; p50 {read["intervalP50"]:.1f}')


MODULES = 300


def function_with_modules(data):
    """Each module of its own code, a few functions long, and imported by the one before or by the handler's."""
    folder = pathlib.Path(data) / 'functions' / 'modules'
    folder.mkdir(parents=True, exist_ok=True)
    body = ''.join(f'def f{i}(a, b=None):\n    """Says."""\n    return [x + {i} for x in a if x != b]\n\n\n' for i in range(6))
    for number in range(MODULES - 1):
        chained = number % 3 != 0 and number + 1 < MODULES - 1
        (folder / f'm{number}.py').write_text((f'import m{number + 1}\n' if chained else '') + body, encoding='utf-8')
    imports = ''.join(f'import m{number}\n' for number in range(MODULES - 1))
    (folder / 'app.py').write_text(f'{imports}def handler(event, context):\n    return 1\n', encoding='utf-8')
    (folder / 'function.json').write_text(json.dumps({'Runtime': 'python3.11', 'Handler': 'app.handler', 'MemorySize': 512}))
    return folder


def bench_profile(data):
    """What a profile takes over the interpreter that it starts; then what recording adds to init: starts with it and without, taken in turns."""
    _, command = bare_start(data, HELLO)
    bare = statistics.median(start_times(*command, times=100))
    started = time.perf_counter()
    kelvin_json(data, 'profile', HELLO, '--cold', 100, '--warm', 0)
    took = (time.perf_counter() - started) * 1000
    yield figure('profile.cold100', took, 'ms', target=round(100 * (bare + 5), 1), note=f'the whole command; the target is 100 × (bare {bare:.1f} ms + 5 ms)')
    done = subprocess.run([BENCH / 'bench-compare'], check=True, capture_output=True, text=True)
    yield figure('profile.compare', float(done.stdout), 'ms', target=200, note='two runs of 100,000 warm invocations, with phases')
    folder = function_with_modules(data)
    plain, recorded, calibrated = [], [], []
    for _ in range(BATCHES):
        document = kelvin_json(data, 'profile', folder, '--cold', 10, '--warm', 0, '--imports')
        plain += document['cold']['phases']['initMs']['samples']
        recorded += document['importProfile']['initMs']['samples']
        calibrated.append(document['importProfile']['hookCostPercent'])
    modules = document['importProfile']['modules']
    added = (statistics.median(recorded) / statistics.median(plain) - 1) * 100
    yield figure('profile.hook', added, '%', target=5, peer=None,
                 note=f'of init, {modules} modules; medians {statistics.median(recorded):.1f} and {statistics.median(plain):.1f} ms, n = {len(plain)}')
    yield figure('profile.hook.own', statistics.median(calibrated), '%', note='as the hook measures itself')


def bench_history(data):
    done = subprocess.run([BENCH / 'bench-history'], check=True, capture_output=True, text=True)
    for line in done.stdout.splitlines():
        read = json.loads(line)
        yield figure(read['name'], read['value'], read['unit'], read.get('target'), read.get('better', 'lower'), read.get('peer'))


def silent_hello(data, memory_mb):
    """A bootstrap in C that answers at once: what is measured is Kelvin's."""
    folder = pathlib.Path(data) / 'functions' / f'hello-{memory_mb}'
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(BENCH / 'hello-bootstrap', folder / 'bootstrap')
    (folder / 'function.json').write_text(json.dumps({'Runtime': 'provided.al2023', 'Handler': 'x', 'MemorySize': memory_mb, 'Timeout': 60}))
    return folder


def per_invocation_us(document):
    return 1000 * document['engineCpuMs'] / document['offered']


def bench_dispatch(data):
    """Admission alone, and the load generator, engine and environments together on this machine."""
    done = subprocess.run([BENCH / 'bench-dispatch'], check=True, capture_output=True, text=True)
    decisions = {name: float(value) for name, value in (line.split() for line in done.stdout.splitlines())}
    yield figure('dispatch.decisions', decisions['refused'], 'decisions/s', target=500000, better='higher',
                 note='each from the call to its record, 200 environments busy')
    hello = silent_hello(data, 1769)
    planned = kelvin_json(data, 'load', hello, '--rate', 3000, '--duration', 5, '--warm', 8)
    yield figure('dispatch.rate', planned['throughputPerS'], 'invocations/s', target=3000, better='higher',
                 note='of 3,000 planned, by the C bootstrap')
    yield figure('dispatch.late.p99', planned['latenessMs']['p99'], 'ms', target=1, note='sends after they were due')
    busy = kelvin_json(data, 'load', hello, '--concurrency', 200, '--duration', 5, '--warm', 200)
    yield figure('dispatch.cpu', per_invocation_us(busy), 'µs', target=100, note='of the engine an invocation, 200 environments busy')


def bench_lanes(data):
    """100,000 invocations of 1,000 environments, another view in each frame: the times between frames."""
    sys.path.insert(0, str(ROOT / 'tests/ui'))
    import desktop
    with desktop.desktop():
        done = subprocess.run([BENCH / 'bench-lanes'], check=True, capture_output=True, text=True,
                              env=os.environ | {'GSK_RENDERER': 'cairo', 'GDK_BACKEND': 'x11'})
    for line in done.stdout.splitlines():
        read = json.loads(line)
        yield figure(read['name'], read['value'], read['unit'], read['target'], note='100,000 bars, between two frames')


BENCHES = {'dispatch': bench_dispatch, 'cold': bench_cold, 'sandbox': bench_sandbox, 'freeze': bench_freeze, 'churn': bench_churn,
           'environments': bench_environments, 'warm': bench_warm, 'endpoint': bench_endpoint,
           'door': bench_door, 'window': bench_window, 'flame': bench_flame, 'lanes': bench_lanes, 'profile': bench_profile,
           'history': bench_history}


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
