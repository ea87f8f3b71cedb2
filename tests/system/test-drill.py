#!/usr/bin/python3
"""Drills: each has a cause and a fix, and one seed has one result."""

import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

HELLO = 'def handler(event, context):\n    return 1\n'
# Keeps its connection, as clients of databases do.
CONNECTED = '''import socket
link = None
def handler(event, context):
    global link
    if link is None:
        link = socket.create_connection(('db.internal', 5432), 3)
    link.sendall(b'SELECT 1')
    return link.recv(100).decode()
'''
DOORS = {'Doors': [{'Name': 'db', 'Host': 'db.internal', 'Port': 5432, 'To': '127.0.0.1:1'}]}
FIELDS = {'runId', 'drill', 'seed', 'steps', 'offered', 'attempts', 'amplification', 'throttled', 'duplicateEffects',
          'deadLetters', 'drainMs', 'estimatedCostUSD', 'verdict', 'cause', 'fix'}


def without_ids(value):
    if isinstance(value, dict):
        return {key: without_ids(item) for key, item in value.items() if not key.endswith('Id')}
    if isinstance(value, list):
        return [without_ids(item) for item in value]
    return value


class Drill(kelvin.Case):
    def drill(self, name, folder, *options):
        return self.expect(self.kelvin('drill', name, folder, '--with-fix', '--json', *options), 0).json()

    def connected(self):
        return self.python(CONNECTED, Timeout=5, Kelvin=DOORS)

    def assert_contained_by_the_fix(self, document):
        self.assertEqual(document['verdict'], 'harmed', document)
        self.assertEqual(document['withFix']['verdict'], 'contained', document)
        self.assertLessEqual(FIELDS, set(document))
        self.assertLessEqual(FIELDS, set(document['withFix']))

    def test_the_list_names_them_all(self):
        drills = self.expect(self.kelvin('drill', '--json'), 0).json()['drills']
        self.assertEqual({drill['name'] for drill in drills},
                         {'cold-burst', 'throttling', 'caller-retry-storm', 'connection-storm', 'slow-downstream',
                          'cost-runaway'})
        self.assertIn('cold-burst', self.expect(self.kelvin('drill'), 0).out)

    def test_a_cold_burst_is_helped_by_warm_ups(self):
        document = self.drill('cold-burst', self.python(HELLO))
        self.assert_contained_by_the_fix(document)
        self.assertEqual(document['coldStarts'], 10)

    def test_throttling_is_helped_by_concurrency(self):
        document = self.drill('throttling', self.python(HELLO))
        self.assert_contained_by_the_fix(document)
        self.assertEqual((document['throttled'], document['withFix']['throttled']), (100, 0))

    def test_a_retry_storm_is_helped_by_jitter(self):
        for seed in (1, 2, 3):
            document = self.drill('caller-retry-storm', self.python(HELLO, name=f'f{seed}'), '--seed', seed)
            self.assert_contained_by_the_fix(document)
            self.assertGreater(document['amplification'], 3)
            self.assertLess(document['withFix']['amplification'], 1.6)

    def test_a_connection_storm_is_refused_at_the_cap(self):
        document = self.drill('connection-storm', self.connected())
        self.assert_contained_by_the_fix(document)
        self.assertEqual((document['environments'], document['refusedConnections']), (6, 1))
        holders = {holder['environmentId'] for holder in document['connectionHolders']}
        self.assertEqual(len(holders), 5)
        shown = self.expect(self.kelvin('history', 'show', document['runId'], '--json'), 0).json()
        failed = [item for item in shown['invocations'] if item['status'] != 'ok']
        self.assertEqual(len(failed), 1)
        served = {item['environment'] for item in shown['invocations'] if item['status'] == 'ok'}
        self.assertEqual(served, holders)

    def test_a_slow_downstream_takes_concurrency(self):
        document = self.drill('slow-downstream', self.connected())
        self.assert_contained_by_the_fix(document)
        self.assertEqual((document['throttled'], document['withFix']['peakConcurrency']), (24, 10))

    def test_a_cap_stops_a_cost_runaway(self):
        document = self.drill('cost-runaway', self.python(HELLO))
        self.assert_contained_by_the_fix(document)
        self.assertLess(document['withFix']['estimatedCostUSD'], document['estimatedCostUSD'] / 2)

    def test_one_seed_has_one_result(self):
        folder = self.python(HELLO)
        for name in ('cold-burst', 'throttling', 'caller-retry-storm', 'cost-runaway'):
            with self.subTest(drill=name):
                first = self.drill(name, folder, '--seed', 5)
                again = self.drill(name, folder, '--seed', 5)
                self.assertEqual(without_ids(first), without_ids(again))
        connected = self.python(CONNECTED, name='g', Timeout=5, Kelvin=DOORS)
        first = self.drill('connection-storm', connected)
        again = self.drill('connection-storm', connected)
        self.assertEqual(without_ids(first), without_ids(again))

    def test_the_report_can_be_kept(self):
        outcome = self.expect(self.kelvin('drill', 'throttling', self.python(HELLO), '--markdown', '--with-fix'), 0)
        self.assertIn('| verdict | **harmed** | contained |', outcome.out)

    def test_what_cannot_be_played_is_refused(self):
        folder = self.python(HELLO)
        for args, said in ((('no-such', folder), 'no drill'), (('throttling',), 'which function'),
                           (('connection-storm', folder), 'has no door'),
                           (('throttling', self.folder / 'nowhere'), 'no such folder')):
            with self.subTest(args=args):
                outcome = self.kelvin('drill', *args)
                self.assertEqual(outcome.status, 2, outcome)
                self.assertIn(said, outcome.err)


if __name__ == '__main__':
    tap.main()
