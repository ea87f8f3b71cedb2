#!/usr/bin/python3
"""How things end: interrupts, kill -9, and that nothing is left behind."""

import os
import signal
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

# A handler with a child, and a child that leaves its session.
SLEEPER = '''
import os, subprocess, time
def handler(event, context):
    subprocess.Popen(["sleep", "60"])
    if os.fork() == 0:
        os.setsid()
        time.sleep(60)
    time.sleep(20)
'''


class Ending(kelvin.Case):
    def begin(self, timeout=60):
        """A run whose handler and its children are at work; (process, all processes below it)."""
        process = self.start('invoke', self.python(SLEEPER, Timeout=timeout), '--json')
        # kelvin, launcher, pid 1, runtime, and the handler's two
        self.assertTrue(kelvin.wait_until(lambda: len(kelvin.descendants(process.pid)) >= 6, 20))
        return process, kelvin.descendants(process.pid)

    def assert_all_end(self, processes, seconds):
        ended = kelvin.wait_until(lambda: not kelvin.still_alive(processes), seconds)
        self.assertTrue(ended, f'still alive after {seconds} s: {kelvin.still_alive(processes)}')

    def test_kill_9_leaves_no_process_and_the_run_is_interrupted(self):
        process, all_of_them = self.begin()
        process.kill()
        process.wait()
        self.assert_all_end(all_of_them, 1)
        run, = self.runs()
        self.assertEqual((run['kind'], run['status']), ('invoke', 'interrupted'))
        self.invoke(kelvin.EXAMPLES / 'hello-python')

    def test_the_run_of_a_living_kelvin_is_running(self):
        self.begin()
        run, = self.runs()
        self.assertEqual(run['status'], 'running')

    def test_an_interrupt_keeps_the_record_and_exits_130(self):
        process, all_of_them = self.begin()
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=20), 130)
        self.assert_all_end(all_of_them, 1)
        run, = self.runs()
        self.assertEqual(run['status'], 'cancelled')

    def test_an_interrupted_profile_keeps_what_was_measured(self):
        folder = self.python('import time\ntime.sleep(0.2)\ndef handler(event, context):\n    return 1\n')
        process = self.start('profile', folder, '--cold', '1000', '--warm', '0', '--json')
        seen = set()

        def several_environments_were_there():
            seen.update(kelvin.descendants(process.pid))
            return len(seen) >= 12

        self.assertTrue(kelvin.wait_until(several_environments_were_there, 60))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130, out + err)
        run, = self.runs()
        self.assertEqual(run['status'], 'cancelled')
        self.assertGreaterEqual(run['invocations'], 2)

    def test_a_killed_launcher_ends_the_run_and_all_that_it_made(self):
        process, all_of_them = self.begin()
        launcher, = [pid for pid, _ in all_of_them if kelvin.parent_of(pid) == process.pid]
        os.kill(launcher, signal.SIGKILL)
        out, err = process.communicate(timeout=20)
        self.assertEqual((process.returncode, out), (3, ''), out + err)
        self.assertIn('kelvin-launcher has ended', err)
        self.assertNotIn('signal: killed', err)
        self.assert_all_end(all_of_them, 1)

    def test_a_timeout_ends_everything_the_handler_started(self):
        process, all_of_them = self.begin(timeout=2)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 1)
        self.assert_all_end(all_of_them, 1)


if __name__ == '__main__':
    tap.main()
