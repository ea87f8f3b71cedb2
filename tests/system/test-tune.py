#!/usr/bin/python3
"""Tuning: what a function takes and costs at several memory sizes, and which are named."""

import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

SPIN = '''import time
def main(event, context):
    until = time.process_time() + event['cpu']
    while time.process_time() < until:
        pass
    time.sleep(event.get('wait', 0))
    if event.get('hungry'):
        held = bytearray(180 * 1024 * 1024)
    return 1
'''


class Tune(kelvin.Case):
    def spin(self, **fields):
        return self.function('spin', handler='app.main', files={'app.py': SPIN}, Timeout=10, **fields)

    def tune(self, folder, event, *options, status=0):
        return self.expect(self.kelvin('tune', folder, '--event-json', event, '--json', *options, timeout=300), status).json()

    def test_work_gets_faster_with_memory_and_waiting_does_not(self):
        folder = self.spin()
        work = self.tune(folder, '{"cpu": 0.02}', '--memory', '256,512,1769', '--runs', 6)
        points = {point['memorySizeMB']: point for point in work['points']}
        self.assertEqual(list(points), [256, 512, 1769])
        for point in work['points']:
            self.assertEqual((point['count'], point['errors']), (6, 0))
            self.assertEqual(len(point['durationMs']['samples']), 6)
            self.assertGreaterEqual(point['billedDurationMs'], point['durationMs']['p50'])
        # The least of all: a busy machine makes others longer.
        self.assertGreater(points[256]['durationMs']['min'], 2.5 * points[1769]['durationMs']['min'])
        waiting = self.tune(folder, '{"cpu": 0, "wait": 0.2}', '--memory', '256,512,1769', '--runs', 6)
        self.assertEqual(waiting['cheapest'], 256)
        self.assertEqual(waiting['balanced'], 256)

    def test_the_cost_is_that_of_the_billed_duration(self):
        document = self.tune(self.spin(), '{"cpu": 0, "wait": 0.02}', '--memory', '512', '--runs', 6)
        point = document['points'][0]
        expected = 0.0000002 + point['billedDurationMs'] / 1000 * 0.5 * 0.0000166667
        self.assertAlmostEqual(point['estimatedCostUSD'], expected, places=11)
        low, high = point['estimatedCostUSDCI95']
        self.assertTrue(low <= point['estimatedCostUSD'] <= high)
        self.assertIsNone(document['model'])

    def test_a_size_that_is_too_small_is_no_choice(self):
        document = self.tune(self.spin(), '{"cpu": 0, "hungry": true}', '--memory', '128,512', '--runs', 6)
        small, large = document['points']
        self.assertGreaterEqual(small['errors'], 3)
        self.assertEqual((small['failure'], small['count'], small['estimatedCostUSD']), ('out-of-memory', 0, None))
        self.assertEqual((large['errors'], document['cheapest'], document['fastest']), (0, 512, 512))
        self.assertTrue(any('128 MB' in remark for remark in document['remarks']))

    def test_a_function_that_fails_at_each_size_is_exit_1(self):
        folder = self.python('def handler(event, context):\n    raise ValueError("no")\n')
        result = self.expect(self.kelvin('tune', folder, '--memory', '128,256', '--json', timeout=120), 1)
        document = result.json()
        self.assertEqual((document['cheapest'], document['fastest'], document['balanced']), (None, None, None))
        self.assertEqual([point['errors'] for point in document['points']], [3, 3])
        self.assertIn('no memory size is a choice', result.err)

    def test_the_history_keeps_it(self):
        document = self.tune(self.spin(), '{"cpu": 0}', '--memory', '128,256', '--runs', 2)
        listed = self.expect(self.kelvin('history', 'list', '--json'), 0).json()['runs'][0]
        self.assertEqual((listed['runId'], listed['kind'], listed['status']), (document['runId'], 'tune', 'ok'))
        self.assertEqual(listed['invocations'], 6)
        shown = self.expect(self.kelvin('history', 'show', document['runId'], '--json'), 0).json()
        self.assertEqual({one['memorySizeMB'] for one in shown['invocations']}, {128, 256})

    def test_bad_input_is_named(self):
        folder = self.spin()
        for options, message in (
                (('--memory', '100'), '128 to 10240'), (('--memory', '128,,256'), '128 to 10240'), (('--memory', '128;256'), '128 to 10240'),
                (('--memory', '20000'), '128 to 10240'), (('--runs', '0'), 'from 1 to 1000'), (('--runs', '-5'), 'from 1 to 1000'),
                (('--memory', ','.join(str(128 + i) for i in range(33))), 'from 1 to 32')):
            with self.subTest(options=options):
                result = self.expect(self.kelvin('tune', folder, *options), 2)
                self.assertIn(message, result.err)


if __name__ == '__main__':
    tap.main()
