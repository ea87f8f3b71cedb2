#!/usr/bin/python3
"""Between events nothing of a function runs: no thread, no timer, no child."""

import json
import pathlib
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

IDLE_S = 2
# Each ticks every 10 ms; what they counted is asked for by the next event.
THREAD = '''
import threading, time
count = 0
def tick():
    global count
    while True:
        time.sleep(0.01)
        count += 1
threading.Thread(target=tick, daemon=True).start()
def handler(event, context):
    return count
'''
CHILD = '''
import os, time
if os.fork() == 0:
    os.setsid()
    while True:
        time.sleep(0.01)
        with open("/tmp/ticks", "a") as ticks:
            ticks.write("x")
def handler(event, context):
    return os.path.getsize("/tmp/ticks") if os.path.exists("/tmp/ticks") else 0
'''
# Children that are made right then: each makes the next, and ends.
CHAIN = '''
import os, time
if os.fork() == 0:
    os.setsid()
    while True:
        if os.fork() != 0:
            os._exit(0)
        time.sleep(0.005)
        with open("/tmp/ticks", "a") as ticks:
            ticks.write("x")
def handler(event, context):
    return os.path.getsize("/tmp/ticks") if os.path.exists("/tmp/ticks") else 0
'''
INTERVAL = '''
let count = 0;
setInterval(() => { count++; }, 10);
exports.handler = async () => count;
'''
SPINNER = '''
import threading
def spin():
    while True:
        pass
threading.Thread(target=spin, daemon=True).start()
def handler(event, context):
    return 1
'''


class Freeze(kelvin.Case):
    def begin(self, folder):
        self.process = self.start('serve', folder, '--port', '0')
        self.url = f'{self.process.stdout.readline().split()[-1]}/2015-03-31/functions/{folder.name}/invocations'

    def ask(self):
        answer = kelvin.post(self.url, json.dumps({}).encode())
        self.assertEqual((answer.status, answer.error), (200, None), answer.content)
        return answer.json()

    def ticks_while_idle(self, folder):
        self.begin(folder)
        self.ask()
        before = self.ask()
        time.sleep(IDLE_S)
        return self.ask() - before

    def cpu_ticks(self):
        """Processor time of all below kelvin but the launcher and pid 1, in the kernel's ticks."""
        total = 0
        for pid, _ in kelvin.descendants(self.process.pid):
            fields = kelvin.read_stat(pid)
            if fields and pid != self.process.pid:
                total += int(fields[11]) + int(fields[12])
        return total

    def test_a_thread(self):
        self.assertLess(self.ticks_while_idle(self.python(THREAD)), 3)

    def test_a_forked_child(self):
        self.assertLess(self.ticks_while_idle(self.python(CHILD)), 3)

    def test_children_that_are_made_right_then(self):
        self.assertLess(self.ticks_while_idle(self.python(CHAIN)), 3)

    def test_set_interval(self):
        self.assertLess(self.ticks_while_idle(self.node(INTERVAL, file='index.js')), 3)

    def test_cpu_time_does_not_move(self):
        self.begin(self.python(SPINNER, MemorySize=1769))
        self.ask()
        time.sleep(0.05)
        before = self.cpu_ticks()
        time.sleep(IDLE_S)
        self.assertLessEqual(self.cpu_ticks() - before, 1)

    def test_the_instant_is_recorded(self):
        folder = self.python(THREAD)
        self.begin(folder)
        self.ask()
        time.sleep(0.1)
        self.process.terminate()
        self.process.wait(timeout=20)
        run, = self.runs()
        shown = self.expect(self.kelvin('history', 'show', run['runId'], '--json'), 0).json()
        steps = shown['environments'][0]['transitions']
        frozen, = [step for step in steps if step['reason'] == 'frozen']
        idle = steps[steps.index(frozen) - 1]
        self.assertEqual((idle['to'], frozen['from'], frozen['to']), ('idle', 'idle', 'idle'))
        if not kelvin.SANITIZED:
            self.assertLess(frozen['atMs'] - idle['atMs'], 10)


if __name__ == '__main__':
    tap.main()
