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
            for run in runs[size]:
                held_back = run['throttledMs'] / run['durationMs']
                self.assertTrue(0.5 * (1 - size / 1769) < held_back <= 1.1, held_back)
        init = {size: min(run['initDurationMs'] for run in runs[size]) for size in runs}
        self.assertLess(max(init.values()), 2 * min(init.values()), init)


if __name__ == '__main__':
    tap.main()
