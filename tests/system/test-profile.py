#!/usr/bin/python3
"""Profiles: cold and warm starts, their figures, and that phases mean what they say."""

import statistics
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

HELLO = kelvin.EXAMPLES / 'hello-python'
# A bootstrap in Python's own words: spins before its first call, then serves.
SPINNING_BOOTSTRAP = '''#!/usr/bin/python3 -S
import time
until = time.perf_counter() + {seconds}
while time.perf_counter() < until:
    pass
import os, socket
address, port = os.environ['AWS_LAMBDA_RUNTIME_API'].split(':')
link = socket.create_connection((address, int(port)))
stream = link.makefile('rb')


def answer():
    headers = {{}}
    stream.readline()
    for line in iter(stream.readline, b'\\r\\n'):
        name, _, value = line.decode().partition(':')
        headers[name.lower()] = value.strip()
    stream.read(int(headers.get('content-length', 0)))
    return headers


while True:
    link.sendall(b'GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: api\\r\\n\\r\\n')
    headers = answer()
    link.sendall(('POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\\r\\nHost: api\\r\\n'
                  'Content-Length: 1\\r\\n\\r\\n1' % headers['lambda-runtime-aws-request-id']).encode())
    answer()
'''
SPIN = 'import time\ndef spin(seconds):\n    until = time.perf_counter() + seconds\n    while time.perf_counter() < until:\n        pass\n'
SPINS = (0.060, 0.120, 0.240)


class Profile(kelvin.Case):
    def profile(self, folder, cold, warm, *options):
        return self.expect(self.kelvin('profile', folder, '--cold', cold, '--warm', warm, '--json', *options, timeout=300), 0).json()

    def test_until_ends_when_the_interval_is_narrow(self):
        code = 'import time\ndef handler(event, context):\n    time.sleep(0.05)\n'
        document = self.profile(self.python(code), 40, 400, '--until', '40%')
        measurement = document['measurement']
        self.assertEqual((measurement['untilPercent'], measurement['stoppedEarly']), (40, True))
        for kind, most in (('cold', 40), ('warm', 400)):
            total = document[kind]['totalMs']
            self.assertGreaterEqual(document[kind]['count'], 10)
            self.assertLess(document[kind]['count'], most)
            low, high = total['p50CI95']
            self.assertLessEqual((high - low) / 2, 0.4 * total['p50'])

    def test_a_wrong_until_is_named(self):
        for options, words in ((('--until', '0'), '0'), (('--until', '2x'), '2x'), (('--until', '-1%'), '-1'), (('--until', 'nan'), 'nan'),
                               (('--until', '2%', '--against', '.'), '--against')):
            with self.subTest(options=options):
                self.assertIn(words, self.expect(self.kelvin('profile', HELLO, *options), 2).err)

    def test_the_document_has_what_was_measured(self):
        document = self.profile(HELLO, 5, 20)
        self.assertEqual((document['cold']['count'], document['warm']['count']), (5, 20))
        self.assertEqual((document['cold']['errors'], document['warm']['errors']), (0, 0))
        self.assertEqual(document['functionName'], 'hello-python')
        self.assertEqual(document['isolation'], 'namespaces')
        self.assertEqual(document['runtime']['asked'], 'python3.11')
        self.assertTrue(document['runtime']['path'])
        self.assertGreater(document['maxMemoryUsedMB'], 1)
        self.assertGreater(document['estimatedCostUSD']['perMillionCold'], document['estimatedCostUSD']['perMillionWarm'])
        for part, n in (('cold', 5), ('warm', 20)):
            total = document[part]['totalMs']
            self.assertEqual(len(total['samples']), n)
            self.assertAlmostEqual(total['min'], min(total['samples']), delta=0.001)
            self.assertAlmostEqual(total['max'], max(total['samples']), delta=0.001)
            self.assertAlmostEqual(total['mean'], statistics.mean(total['samples']), delta=0.01)
            self.assertTrue(total['min'] <= total['p50'] <= total['max'])
            self.assertIsNone(total['p99'])  # so few can't carry it
        low, high = document['warm']['totalMs']['p50CI95']
        self.assertTrue(low <= document['warm']['totalMs']['p50'] <= high)
        for name in ('sandboxMs', 'runtimeMs', 'initMs', 'handlerMs'):
            self.assertGreaterEqual(document['cold']['phases'][name]['p50'], 0)

    def test_warm_is_faster_than_cold(self):
        document = self.profile(HELLO, 3, 10)
        self.assertLess(document['warm']['totalMs']['p50'], document['cold']['totalMs']['p50'])

    def test_a_profile_is_one_run_of_the_history(self):
        document = self.profile(HELLO, 3, 4)
        run, = self.runs()
        self.assertEqual((run['kind'], run['runId'], run['invocations'], run['coldStarts'], run['status']),
                         ('profile', document['runId'], 7, 3, 'ok'))
        shown = self.expect(self.kelvin('history', 'show', run['runId'], '--json'), 0).json()
        self.assertEqual([one['start'] for one in shown['invocations']].count('cold'), 3)
        cold = sorted(one['phases']['initMs'] for one in shown['invocations'] if one['start'] == 'cold')
        self.assertAlmostEqual(document['cold']['phases']['initMs']['p50'], cold[1], delta=0.01)

    def test_the_environment_is_reused_when_warm(self):
        folder = self.python('COUNT = 0\ndef handler(event, context):\n    global COUNT\n    COUNT += 1\n    return COUNT\n')
        document = self.profile(folder, 1, 5)
        shown = self.expect(self.kelvin('history', 'show', document['runId'], '--json'), 0).json()
        warm = [one['payload'] for one in shown['invocations'] if one['start'] == 'warm']
        self.assertEqual(warm, sorted(warm))
        self.assertEqual(len(set(warm)), 5)

    def test_errors_are_counted_and_exit_1(self):
        outcome = self.kelvin('profile', kelvin.EXAMPLES / 'error', '--event', kelvin.EXAMPLES / 'error/events/out-of-stock.json',
                              '--cold', 2, '--warm', 3, '--json')
        self.assertEqual(outcome.status, 1, str(outcome))
        self.assertEqual((outcome.json()['cold']['errors'], outcome.json()['warm']['errors']), (2, 3))

    def test_the_report_is_readable_without_json(self):
        outcome = self.expect(self.kelvin('profile', HELLO, '--cold', 3, '--warm', 3), 0)
        for word in ('cold', 'warm', 'sandbox', 'runtime', 'init', 'handler'):
            self.assertIn(word, outcome.out)


class Phases(kelvin.Case):
    """Time spent in one place moves that place's phase, one for one, and no other."""

    MOST_ROUNDS = 16
    STARTS = 7

    def least(self, folder):
        """The least of each phase over some cold starts."""
        outcome = self.kelvin('profile', folder, '--cold', self.STARTS, '--warm', 0, '--json', timeout=300)
        return {name: figures['min'] for name, figures in self.expect(outcome, 0).json()['cold']['phases'].items()}

    def spread(self, measured, phase):
        """The most that a phase other than @phase differs between functions."""
        others = set(measured[0]) - {phase}
        return max(max(one[name] for one in measured) - min(one[name] for one in measured) for name in others)

    def least_disturbed(self, folders, phase):
        """The least by function and phase, measured in turns: whatever else the machine does only adds to a phase, so
        more rounds come nearer to the truth, never past it."""
        rounds = []
        for _ in range(self.MOST_ROUNDS):
            rounds.append([self.least(folder) for folder in folders])
            measured = [{name: min(one[name] for one in of_function) for name in of_function[0]}
                        for of_function in zip(*rounds)]
            if len(rounds) > 1 and self.spread(measured, phase) < 1.5:
                break
        return measured

    def check(self, phase, folders):
        if kelvin.SANITIZED:
            for folder in folders:
                self.assertIn(phase, self.least(folder))
            return
        measured = self.least_disturbed(folders, phase)
        spun = [seconds * 1000 for seconds in SPINS]
        slope, _ = statistics.linear_regression(spun, [phases[phase] for phases in measured])
        self.assertAlmostEqual(slope, 1.0, delta=0.05, msg=measured)
        self.assertLess(self.spread(measured, phase), 2, measured)

    def test_at_module_level_it_is_init(self):
        self.check('initMs', [self.python(f'{SPIN}spin({seconds})\ndef handler(event, context):\n    return 1\n', name=f'f{seconds * 1000:.0f}')
                              for seconds in SPINS])

    def test_in_the_handler_it_is_handler(self):
        # With a whole core: a smaller share is given in slices of 20 ms, and a spin ends with one of them.
        self.check('handlerMs', [self.python(f'{SPIN}def handler(event, context):\n    spin({seconds})\n',
                                             name=f'f{seconds * 1000:.0f}', MemorySize=1769) for seconds in SPINS])

    def test_before_the_first_next_of_a_bootstrap_it_is_runtime(self):
        self.check('runtimeMs', [self.bootstrap(SPINNING_BOOTSTRAP.format(seconds=seconds), name=f'f{seconds * 1000:.0f}') for seconds in SPINS])

    def test_at_module_level_of_node_it_is_init(self):
        code = 'const until = performance.now() + {ms};\nwhile (performance.now() < until);\nexport const handler = async () => 1;\n'
        self.check('initMs', [self.node(code.format(ms=seconds * 1000), name=f'f{seconds * 1000:.0f}') for seconds in SPINS])

    def test_the_phases_add_up_to_what_the_caller_waited(self):
        folder = self.python(f'{SPIN}def handler(event, context):\n    spin(0.05)\n')
        document = self.expect(self.kelvin('profile', folder, '--cold', 5, '--warm', 5, '--json'), 0).json()
        shown = self.expect(self.kelvin('history', 'show', document['runId'], '--json'), 0).json()
        totals = sorted(document['cold']['totalMs']['samples'] + document['warm']['totalMs']['samples'])
        sums = sorted(sum(one['phases'].values()) for one in shown['invocations'])
        for total, added in zip(totals, sums):
            self.assertAlmostEqual(total, added, delta=1)


if __name__ == '__main__':
    tap.main()
