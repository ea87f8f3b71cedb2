#!/usr/bin/python3
"""How attempts end otherwise than by their response: what the caller gets, what the log says, that nothing is left,
and how the environment serves the next event."""

import json
import os
import pathlib
import signal
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

# Each way to end, by the event; what stays in /tmp and what is new tells of the environment.
ENDS = '''
import ctypes, os, signal, subprocess, sys, time
born = time.time_ns()
def handler(event, context):
    how = event.get("how")
    if how:
        with open("/tmp/kept", "a") as kept:
            kept.write(how + " ")
        subprocess.Popen(["sleep", "60"])
        if os.fork() == 0:
            os.setsid()
            time.sleep(60)
    if how == "timeout":
        time.sleep(60)
    elif how == "exit":
        os._exit(event["code"])
    elif how == "signal":
        os.kill(os.getpid(), event["number"])
        time.sleep(60)
    elif how == "memory":
        taken = b"x" * (300 << 20)
    return {"born": born, "kept": open("/tmp/kept").read() if os.path.exists("/tmp/kept") else ""}
'''

# Init that counts its starts in /tmp, and ends as its environment variable says until the count is reached.
INIT = '''
import os, sys, time
count = len(open("/tmp/starts").read()) if os.path.exists("/tmp/starts") else 0
open("/tmp/starts", "a").write("x")
print("start", count + 1)
if count < int(os.environ["FAILS"]):
    %s
def handler(event, context):
    return count + 1
'''


def phases_sum(document):
    return sum(document['phases'].values())


class OneShot(kelvin.Case):
    """By `kelvin invoke`, which shows the whole record."""

    def init(self, how, fails, name='f', **config):
        return self.python(INIT % how, name, Environment={'Variables': {'FAILS': str(fails)}}, **config)

    def log_lines(self, document):
        return [line.split('\t') for line in document['log'].splitlines()]

    def reports(self, document):
        return [dict(part.split(': ', 1) for part in line if ': ' in part)
                for line in self.log_lines(document) if line[0].startswith('INIT_REPORT')]

    def test_a_failed_init_is_repeated_and_serves(self):
        document = self.invoke(self.init('raise RuntimeError("early")', 1))
        self.assertEqual((document['payload'], document['functionError'], document['start']), (2, None, 'cold'))
        first, = self.reports(document)
        self.assertEqual((first['Phase'], first['Status']), ('init', 'error'))
        self.assertEqual(document['log'].count('INIT_START'), 1)
        self.assertEqual(document['log'].count('START RequestId'), 1)
        self.assertEqual(document['billedDurationMs'], -int(-(document['initDurationMs'] + document['durationMs']) // 1))
        self.assertGreater(document['durationMs'], document['phases']['handlerMs'])

    def test_the_second_failure_is_the_answer(self):
        started = time.monotonic()
        document = self.invoke(self.init('raise RuntimeError("early")', 9), status=1)
        waited = (time.monotonic() - started) * 1000
        self.assertEqual((document['payload']['errorType'], document['payload']['errorMessage']), ('RuntimeError', 'early'))
        self.assertEqual([(report['Phase'], report['Status']) for report in self.reports(document)],
                         [('init', 'error'), ('invoke', 'error')])
        self.assertIn('start 1', document['log'])
        self.assertIn('start 2', document['log'])
        order = [document['log'].index(word) for word in ('INIT_START', 'start 1', 'Phase: init', 'start 2',
                                                          'Phase: invoke', '\nSTART', 'END', 'REPORT Req')]
        self.assertEqual(order, sorted(order))
        self.assertLess(phases_sum(document), waited)

    def test_exit_during_init(self):
        for code, words in ((0, 'Runtime exited without providing a reason'), (3, 'Runtime exited with error: exit status 3')):
            document = self.invoke(self.init(f'os._exit({code})', 9, f'exit-{code}'), status=1)
            self.assertEqual(document['payload'], {'errorType': 'Runtime.ExitError',
                                                   'errorMessage': f'RequestId: {document["requestId"]} Error: {words}'})
            self.assertEqual([(report['Phase'], report['Error Type']) for report in self.reports(document)],
                             [('init', 'Runtime.ExitError'), ('invoke', 'Runtime.ExitError')])
            self.assertRegex(document['log'], r'Status: error\tError Type: Runtime.ExitError\n$')

    def test_a_bootstrap_that_never_asks_ends_in_the_functions_timeout(self):
        document = self.invoke(self.bootstrap('#!/bin/sh\nexec sleep 60\n', Timeout=1), status=1)
        self.assertEqual(document['payload']['errorType'], 'Sandbox.Timedout')
        self.assertIn('Task timed out after 1.00 seconds', document['payload']['errorMessage'])
        self.assertEqual([(report['Phase'], report['Status']) for report in self.reports(document)],
                         [('init', 'timeout'), ('invoke', 'timeout')])
        self.assertEqual(document['durationMs'], 1000)
        self.assertAlmostEqual(document['initDurationMs'], 10000, delta=100)
        self.assertAlmostEqual(phases_sum(document), 11000, delta=200)
        shown = self.expect(self.kelvin('history', 'show', document['runId'], '--json'), 0).json()
        self.assertEqual(shown['invocations'][0]['status'], 'timeout')

    def test_the_repeat_is_held_to_the_cpu_share(self):
        spin = 'end = time.process_time() + 0.05\nwhile time.process_time() < end: pass\n'
        folder = self.python('import os, time\n' + spin + 'if not os.path.exists("/tmp/x"):\n    open("/tmp/x", "w")\n    os._exit(1)\n'
                             'def handler(event, context):\n    return 1\n', MemorySize=128, Timeout=20)
        document = self.invoke(folder)
        if kelvin.SANITIZED:
            return
        doctor = self.expect(self.kelvin('doctor', '--json'), 0).json()
        if str(doctor['limits']['cpu']).startswith('cgroup'):
            self.assertGreater(document['durationMs'], 300)
        self.assertLess(document['initDurationMs'], 300)


class Served(kelvin.Case):
    """By `kelvin serve`: the next event meets what the one before left."""

    def setUp(self):
        super().setUp()
        self.process, self.url = self.serve(self.python(ENDS, 'ends', Timeout=3, MemorySize=256))

    def serve(self, *folders):
        process = self.start('serve', *folders, '--port', '0')
        return process, process.stdout.readline().split()[-1]

    def call(self, event):
        answer = kelvin.post(f'{self.url}/2015-03-31/functions/ends/invocations', json.dumps(event).encode(),
                             {'X-Amz-Log-Type': 'Tail'})
        return answer

    def left(self, known):
        """The processes below pid 1 that aren't known."""
        return {process for process in kelvin.still_alive(kelvin.descendants(self.process.pid)) if process not in known}

    def check(self, event, error_type, words, status_line):
        """Before, the failure, and what follows it."""
        fine = self.call({})
        self.assertIsNone(fine.error)
        known = kelvin.still_alive(kelvin.descendants(self.process.pid))
        failed = self.call(event)
        self.assertEqual((failed.status, failed.error), (200, 'Unhandled'))
        self.assertEqual(failed.json()['errorType'], error_type)
        self.assertIn(words, failed.json()['errorMessage'])
        self.assertRegex(failed.log, status_line + r'\n$')
        # Of the environment pid 1 alone stays: the runtime that was there before is gone too.
        self.assertTrue(kelvin.wait_until(lambda: not self.left(known) and len(
            kelvin.still_alive(kelvin.descendants(self.process.pid))) == len(known) - 1, 0.1, 0.002))
        after = self.call({})
        self.assertIsNone(after.error, after.content)
        self.assertNotEqual(after.json()['born'], fine.json()['born'])
        self.assertIn(event['how'], after.json()['kept'])
        self.assertNotIn('Init Duration', after.log)
        self.assertNotIn('INIT_START', after.log)
        again = self.call({})
        self.assertEqual(again.json()['born'], after.json()['born'])

    def test_timeout(self):
        self.check({'how': 'timeout'}, 'Sandbox.Timedout', 'Task timed out after 3.00 seconds', 'Status: timeout')

    def test_exit_with_0(self):
        self.check({'how': 'exit', 'code': 0}, 'Runtime.ExitError', 'Runtime exited without providing a reason',
                   'Status: error\tError Type: Runtime.ExitError')

    def test_exit_with_a_code(self):
        self.check({'how': 'exit', 'code': 7}, 'Runtime.ExitError', 'Runtime exited with error: exit status 7',
                   'Status: error\tError Type: Runtime.ExitError')

    def test_crash_by_a_signal(self):
        self.check({'how': 'signal', 'number': int(signal.SIGSEGV)}, 'Runtime.ExitError', 'signal: segmentation fault',
                   'Status: error\tError Type: Runtime.ExitError')

    def test_out_of_memory(self):
        self.check({'how': 'memory'}, 'Runtime.ExitError', 'signal: killed',
                   'Status: error\tError Type: Runtime.OutOfMemory')

    def test_each_is_a_record_with_its_transitions(self):
        self.call({})
        self.call({'how': 'exit', 'code': 7})
        self.call({})
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.process.wait(timeout=20), 0)
        run, = self.runs()
        shown = self.expect(self.kelvin('history', 'show', run['runId'], '--json'), 0).json()
        self.assertEqual([(one['status'], one['start']) for one in shown['invocations']],
                         [('ok', 'cold'), ('error', 'warm'), ('ok', 'warm')])
        environment, = shown['environments']
        steps = [(step['to'], step['reason']) for step in environment['transitions'] if step['reason'] != 'frozen']
        self.assertEqual(steps[:3], [('starting', ''), ('initialising', ''), ('idle', '')])
        failed = steps.index(('stopping', 'runtime exited'))
        self.assertEqual(steps[failed:failed + 4], [('stopping', 'runtime exited'), ('idle', 'reset'),
                                                    ('initialising', 'inside the invoke'), ('idle', '')])
        self.assertEqual(steps[-2:], [('stopping', 'closing'), ('dead', '')])
        third = shown['invocations'][2]
        self.assertNotIn('initDurationMs', {name for name, value in third.items() if value is not None})
        self.assertGreater(min(third['phases'][name] for name in ('runtimeMs', 'initMs')), 0)
        self.assertGreater(third['durationMs'], third['phases']['handlerMs'])

    def test_a_killed_launcher_is_started_again(self):
        self.call({})
        launcher, = [pid for pid, _ in kelvin.descendants(self.process.pid) if kelvin.parent_of(pid) == self.process.pid]
        os.kill(launcher, signal.SIGKILL)
        self.assertTrue(kelvin.wait_until(lambda: self.call({}).status == 200, 5))


# Answers by hand, and ends before it asks again.
ANSWERS_AND_EXITS = '''
import http.client, os
link = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
link.request("GET", "/2018-06-01/runtime/invocation/next")
answer = link.getresponse()
answer.read()
link.request("POST", "/2018-06-01/runtime/invocation/" + answer.headers["Lambda-Runtime-Aws-Request-Id"] + "/response", b'"done"')
link.getresponse().read()
os._exit(5)
'''


class AfterTheResponse(kelvin.Case):
    def test_an_exit_before_the_next_event_is_recorded(self):
        folder = self.bootstrap('#!/bin/sh\nexec python3 /var/task/main.py\n')
        self.write(folder / 'main.py', ANSWERS_AND_EXITS)
        document = self.invoke(folder)
        self.assertEqual((document['payload'], document['functionError']), ('done', None))
        self.assertRegex(document['log'], r'Runtime exited with error: exit status 5\nRuntime.ExitError\n')
        self.assertRegex(document['log'], r'Status: error\tError Type: Runtime.ExitError\n$')


if __name__ == '__main__':
    tap.main()
