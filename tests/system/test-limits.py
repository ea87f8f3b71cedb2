#!/usr/bin/python3
"""Memory and processor time are held and measured: by control groups where this user has them, and for an ordinary
user without them."""

import errno
import os
import pathlib
import re
import statistics
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

MB = 1 << 20
HOLD = '''
import time
def handler(event, context):
    held = bytearray(event["megabytes"] << 20)
    for at in range(0, len(held), 4096):
        held[at] = 1
    time.sleep(0.05)
'''
READ = '''
def handler(event, context):
    size = 0
    with open("/opt/large", "rb", buffering=0) as large:
        while block := large.read(1 << 20):
            size += len(block)
    return size
'''
FILL = '''
def handler(event, context):
    try:
        with open("/tmp/large", "wb", buffering=0) as large:
            for _ in range(600):
                large.write(b"x" * (1 << 20))
    except OSError as error:
        return error.errno
'''
GROW = '''
import ctypes, mmap
def handler(event, context):
    size = 2 << 30
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    ctypes.memset(ctypes.addressof(ctypes.c_char.from_buffer(memory)), 1, size)
'''
CHILD = '''
import os, time
def handler(event, context):
    pid = os.fork()
    if pid == 0:
        held = bytearray(event["megabytes"] << 20)
        for at in range(0, len(held), 4096):
            held[at] = 1
        time.sleep(0.02)
        os._exit(0)
    os.waitpid(pid, 0)
'''
MANY = '''
import os, threading
def handler(event, context):
    opened = []
    try:
        while len(opened) < 3000:
            opened.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        pass
    for file in opened:
        os.close(file)
    over, made = threading.Event(), 0
    threading.stack_size(32768)
    try:
        while made < 3000:
            threading.Thread(target=over.wait, daemon=True).start()
            made += 1
    except RuntimeError:
        pass
    over.set()
    return [len(opened), made + 1]
'''
# Two threads, each of which measures the processor's time that the whole process took.
TWO = '''
import os, time
def work(until):
    while time.monotonic() < until:
        pass
def handler(event, context):
    began = time.monotonic()
    if (child := os.fork()) == 0:
        work(began + 1)
        os._exit(0)
    work(began + 1)
    os.waitpid(child, 0)
    return time.monotonic() - began
'''
# Init works for as long a time of the processor; the handler until the clock says so.
WORK = '''
import time
while time.process_time() < 0.3:
    pass
def handler(event, context):
    began, used = time.monotonic(), time.process_time()
    while time.monotonic() - began < 1:
        pass
    return (time.process_time() - used) / (time.monotonic() - began)
'''


class Limits(kelvin.Case):
    """As whoever runs the tests."""

    def prepare(self, argv):
        return argv

    def call(self, folder, *options, status=0):
        argv = self.argv('invoke', folder, '--json', *options)
        return self.expect(self.run_argv(self.prepare(argv)), status).json()

    def limits(self):
        return self.expect(self.run_argv(self.prepare(self.argv('doctor', '--json'))), 0).json()['limits']

    def has_groups(self):
        return self.limits()['memory'].startswith('cgroup-')

    def hold(self, code, megabytes):
        folder = self.python(code, f'hold-{megabytes}', MemorySize=300, Timeout=30)
        return self.call(folder, '--event-json', f'{{"megabytes": {megabytes}}}')

    def test_doctor_names_what_holds_them(self):
        limits = self.limits()
        if limits['memory'].startswith('cgroup-'):
            self.assertEqual(limits['cpu'], limits['memory'])
            self.assertEqual(limits['processes'], limits['memory'])
        else:
            self.assertEqual((limits['memory'], limits['cpu'], limits['processes']),
                             ('approximated', 'not enforced', 'rlimit'))

    def test_memory_that_is_held_is_reported(self):
        for megabytes in (50, 120, 200):
            used = self.hold(HOLD, megabytes)['maxMemoryUsedMB']
            # The interpreter's own comes on top; without groups its files can't be told apart in full.
            self.assertGreaterEqual(used, megabytes)
            self.assertLessEqual(used, megabytes * 1.1 if self.has_groups() else megabytes * 1.1 + 15)

    def test_a_run_says_what_held_its_limits(self):
        run = self.hold(HOLD, 1)
        expected = self.limits()
        self.assertEqual((run['isolation'], run['limits']), ('namespaces', expected))
        shown = self.expect(self.run_argv(self.prepare(self.argv('history', 'show', run['runId'], '--json'))), 0).json()
        self.assertEqual(shown['run']['limits'], expected)
        for name in ('limits', 'isolation', 'throttledMs', 'maxMemoryUsedMB', 'initMaxMemoryUsedMB',
                     'environmentMaxMemoryUsedMB', 'ephemeralStorageUsedMB', 'ephemeralStorageSizeMB'):
            self.assertEqual(shown['invocations'][0][name], run[name], name)

    def test_an_event_has_a_peak_of_its_own(self):
        """A small event after a large one in the same environment, and a large one again."""
        folder = self.python(HOLD, MemorySize=300, Timeout=30)
        process = self.start(argv=self.prepare(self.argv('serve', folder, '--port', '0')))
        url = process.stdout.readline().split()[-1]
        for megabytes in (1, 200, 1, 120):
            self.post(url, 'f', {'megabytes': megabytes})
            # Until the runtime has asked for the next event, another environment would be made.
            time.sleep(0.2)
        process.terminate()
        process.wait()
        run = self.expect(self.run_argv(self.prepare(self.argv('history', 'list', '--json'))), 0).json()['runs'][0]
        shown = self.expect(self.run_argv(self.prepare(self.argv('history', 'show', run['runId'], '--json'))), 0).json()
        first, large, small, middle = sorted(shown['invocations'], key=lambda one: one['startedAt'])
        self.assertEqual(len({one['environment'] for one in shown['invocations']}), 1)
        self.assertLess(first['maxMemoryUsedMB'], 40)
        self.assertGreaterEqual(large['maxMemoryUsedMB'], 200)
        self.assertLess(small['maxMemoryUsedMB'], 40)
        self.assertTrue(120 <= middle['maxMemoryUsedMB'] <= 160, middle['maxMemoryUsedMB'])
        for one in (large, small, middle):
            self.assertEqual(one['environmentMaxMemoryUsedMB'], large['maxMemoryUsedMB'])
            reported = int(re.search(r'Max Memory Used: (\d+) MB', one['log'])[1])
            self.assertAlmostEqual(reported, large['maxMemoryUsedMB'], delta=0.51)

    def test_memory_of_a_child_counts(self):
        self.assertGreaterEqual(self.hold(CHILD, 100)['maxMemoryUsedMB'], 100)

    def test_files_that_are_read_do_not_count(self):
        layer = self.folder / 'layer'
        layer.mkdir()
        with open(layer / 'large', 'wb') as large:
            large.truncate(300 * MB)
        done = self.call(self.python(READ, MemorySize=300, Timeout=30, Layers=[str(layer)]))
        self.assertEqual(done['payload'], 300 * MB)
        self.assertLess(done['maxMemoryUsedMB'], 30)

    def test_a_full_tmp_is_not_out_of_memory(self):
        done = self.call(self.python(FILL, MemorySize=128, Timeout=60))
        self.assertEqual((done['status'], done['payload']), ('ok', errno.ENOSPC))
        self.assertLess(done['maxMemoryUsedMB'], 64)
        self.assertEqual((done['ephemeralStorageUsedMB'], done['ephemeralStorageSizeMB']), (512, 512))
        self.assertIn('it filled /tmp, which holds 512 MB; a larger EphemeralStorage.Size', done['note'])

    def test_four_kilobytes_of_variables_reach_the_function_and_no_more(self):
        code = 'import os\ndef handler(event, context):\n    return len(os.environ["AB"])\n'
        largest = 4096 - len('{"AB":""}')
        done = self.call(self.python(code, Environment={'Variables': {'AB': 'x' * largest}}))
        self.assertEqual(done['payload'], largest)
        folder = self.python(code, 'g', Environment={'Variables': {'AB': 'x' * (largest + 1)}})
        self.expect(self.run_argv(self.prepare(self.argv('invoke', folder))), 2, 'Environment', '4')

    def test_six_megabytes_go_in_and_out_and_no_more(self):
        most = 6 * MB
        folder = self.python('def handler(event, context):\n    return event\n', MemorySize=512, Timeout=30)
        for more, status in ((0, 0), (1, 2)):
            event = self.folder / f'event-{more}'
            event.write_text('"' + 'x' * (most - 2 + more) + '"', encoding='utf-8')
            argv = self.argv('invoke', folder, '--event', event, '--json')
            done = self.expect(self.run_argv(self.prepare(argv)), status, *(['6'] if more else []))
            if status == 0:
                self.assertEqual(len(done.json()['payload']), most - 2)
        grown = self.python('def handler(event, context):\n    return "x" * event\n', 'g', MemorySize=512, Timeout=30)
        for more, status in ((0, 0), (1024, 1)):
            done = self.call(grown, '--event-json', str(most - 2 + more), status=status)
            self.assertEqual(done.get('errorType'), 'Function.ResponseSizeTooLarge' if more else None)

    def test_a_thousand_descriptors_and_processes_and_no_more(self):
        done = self.call(self.python(MANY, MemorySize=1024, Timeout=30))
        descriptors, threads = done['payload']
        self.assertTrue(1000 < descriptors <= 1024, descriptors)
        self.assertTrue(1000 < threads <= 1024, threads)

    def test_more_than_the_memory_size_ends_the_function(self):
        done = self.call(self.python(GROW, MemorySize=128, Timeout=30), status=1)
        self.assertEqual((done['status'], done['errorType']), ('out-of-memory', 'Runtime.OutOfMemory'))
        self.assertEqual(done['payload']['errorType'], 'Runtime.ExitError')
        self.assertEqual(done['maxMemoryUsedMB'], 128)
        if self.has_groups():
            self.assertLessEqual(done['cgroupPeakMB'], 128 + 512)


class LimitsOrdinary(Limits):
    """As a user without any privilege."""

    def setUp(self):
        super().setUp()
        if os.getuid() == 0:
            self.data.mkdir()
            os.chown(self.data, kelvin.ORDINARY_USER, kelvin.ORDINARY_USER)

    def prepare(self, argv):
        return kelvin.as_ordinary_user(argv)


class LimitsWithoutGroups(Limits):
    """As root, where there are no control groups."""

    def setUp(self):
        super().setUp()
        if os.getuid() != 0:
            self.skipTest(tap.NOT_HERE + 'control groups are taken away by root')

    def prepare(self, argv):
        return ['unshare', '--mount', 'sh', '-c', 'umount -R /sys/fs/cgroup; exec "$@"', 'sh', *argv]

    def test_there_are_none(self):
        self.assertEqual(self.limits()['memory'], 'approximated')


class Share(kelvin.Case):
    """The processor's time of a handler."""

    def setUp(self):
        super().setUp()
        found = self.expect(self.kelvin('doctor', '--json'), 0).json()['limits']['cpu']
        if not found.startswith('cgroup-'):
            self.skipTest(f'the CPU share is {found} here')

    def measure(self, sizes):
        """Runs of each memory size, in turn, so that what else the machine does falls upon all alike."""
        folders = {size: self.python(WORK, f'work-{size}', MemorySize=size, Timeout=30) for size in sizes}
        runs = {size: [] for size in sizes}
        for _ in range(3):
            for size, folder in folders.items():
                runs[size].append(self.invoke(folder))
        return runs

    def test_follows_memory_in_the_handler_alone(self):
        runs = self.measure((128, 442, 1769, 10240))
        # One thread that nothing holds back gets less than a whole core where others want it too.
        free = max(run['payload'] for run in runs[10240])
        for size in (128, 442, 1769):
            shares = [run['payload'] for run in runs[size]]
            self.assertLessEqual(statistics.median(shares), size / 1769 * 1.1, size)
            self.assertGreaterEqual(max(shares), size / 1769 * 0.9 * free, size)
        # With the share of 128 MB it would take fourteen times as long.
        for size in (128, 442):
            # One that didn't come to its share, because others wanted the cores, wasn't held back either.
            for run in [run for run in runs[size] if run['payload'] > size / 1769 * 0.9]:
                held_back = run['throttledMs'] / run['durationMs']
                self.assertTrue(0.5 * (1 - size / 1769) < held_back <= 1.1, held_back)
        init = {size: min(run['initDurationMs'] for run in runs[size]) for size in runs}
        self.assertLess(max(init.values()), 2 * min(init.values()), init)


    def test_two_processes_take_two_cores(self):
        """By the cores that were idle: what else the machine does takes its part of them."""
        if (os.cpu_count() or 1) < 2:
            self.skipTest(tap.NOT_HERE + 'there is one core')
        folder = self.python(TWO, MemorySize=3538, Timeout=30)
        cores = []
        for _ in range(3):
            idle = idle_seconds()
            run = self.invoke(folder)
            # Of what the run took of the handler's second, and what nobody took.
            cores.append((run['cpuMs'] / 1000 / run['payload'], (idle_seconds() - idle) / run['payload']))
        used, _ = max(cores)
        self.assertLessEqual(used, 2.2, cores)
        if used < 1.8:
            self.assertLess(min(left for _, left in cores), 0.2, 'cores were idle, and it got none of them')


def idle_seconds():
    """Since the machine began, of all its cores."""
    fields = pathlib.Path('/proc/stat').read_text(encoding='utf-8').split('\n', 1)[0].split()
    return (int(fields[4]) + int(fields[5])) / os.sysconf('SC_CLK_TCK')


if __name__ == '__main__':
    tap.main()
