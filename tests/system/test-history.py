#!/usr/bin/python3
"""What was run is found again, and stays private."""

import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

HELLO = kelvin.EXAMPLES / 'hello-python'


class History(kelvin.Case):
    def test_an_invocation_is_found_again_as_it_was(self):
        made = self.invoke(HELLO, {'name': 'Ada'})
        run, = self.runs()
        self.assertEqual((run['runId'], run['kind'], run['functionName'], run['status']), (made['runId'], 'invoke', 'hello-python', 'ok'))
        self.assertEqual((run['invocations'], run['coldStarts'], run['version']), (1, 1, made['version']))
        self.assertRegex(run['startedAt'], r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$')
        shown = self.expect(self.kelvin('history', 'show', made['runId'], '--json'), 0).json()
        self.assertEqual(shown['run']['runId'], made['runId'])
        invocation, = shown['invocations']
        for name in ('requestId', 'statusCode', 'payload', 'functionError', 'start', 'billedDurationMs', 'memorySizeMB', 'log'):
            self.assertEqual(invocation[name], made[name], name)
        for name, value in made['phases'].items():
            self.assertAlmostEqual(invocation['phases'][name], value, delta=0.002)
        self.assertEqual(invocation['status'], 'ok')
        attempt, = invocation['attempts']
        self.assertEqual((attempt['number'], attempt['start'], attempt['status']), (1, 'cold', 'ok'))
        environment, = shown['environments']
        self.assertEqual((environment['environment'], shown['environmentsComplete']), (invocation['environment'], True))
        steps = environment['transitions']
        self.assertEqual([step['to'] for step in steps][:4], ['starting', 'initialising', 'idle', 'busy'])
        self.assertEqual(steps[-1]['to'], 'dead')
        self.assertEqual([step['atMs'] for step in steps], sorted(step['atMs'] for step in steps))
        busy = steps[3]['atMs'] - steps[0]['atMs']
        before = sum(made['phases'].get(name, 0) for name in ('sandboxMs', 'runtimeMs', 'initMs'))
        self.assertAlmostEqual(busy, before, delta=5)

    def test_failures_have_their_status(self):
        self.invoke(kelvin.EXAMPLES / 'error', {'item': 'coffee'}, status=1)
        self.invoke(kelvin.EXAMPLES / 'timeout', {'seconds': 5}, status=1)
        self.assertEqual([run['status'] for run in self.runs()], ['timeout', 'error'])

    def test_the_list_is_filtered_and_paged(self):
        for _ in range(3):
            self.invoke(HELLO)
        self.invoke(kelvin.EXAMPLES / 'error', {'item': 'coffee'}, status=1)
        def listed(*options):
            return self.expect(self.kelvin('history', 'list', '--json', *options), 0).json()
        self.assertEqual(len(listed('--function', 'hello-python')['runs']), 3)
        self.assertEqual(len(listed('--status', 'error')['runs']), 1)
        self.assertEqual(len(listed('--since', '1h')['runs']), 4)
        page = listed('--limit', '3')
        self.assertEqual(len(page['runs']), 3)
        self.assertTrue(page['next'])

    def test_an_unknown_run_is_bad_input(self):
        self.invoke(HELLO)
        self.expect(self.kelvin('history', 'show', 'no-such-run'), 2, 'no-such-run')

    def test_an_empty_history_is_an_empty_list(self):
        self.assertEqual(self.runs(), [])
        self.expect(self.kelvin('history', 'list'), 0)

    def test_lists_are_readable_without_json(self):
        made = self.invoke(HELLO)
        self.assertIn('hello-python', self.expect(self.kelvin('history', 'list'), 0).out)
        self.assertIn('handler', self.expect(self.kelvin('history', 'show', made['runId']), 0).out)

    def test_folder_and_database_are_private(self):
        self.invoke(HELLO)
        self.assertEqual(self.data.stat().st_mode & 0o777, 0o700)
        for path in self.data.glob('history.db*'):
            self.assertEqual(path.stat().st_mode & 0o777, 0o600, path)

    def test_values_of_environment_variables_are_never_stored(self):
        secret = 'a-value-that-must-not-be-stored'
        folder = self.python('def handler(event, context):\n    return 1\n', Environment={'Variables': {'PASSWORD': secret}})
        self.invoke(folder)
        for path in self.data.rglob('*'):
            if path.is_file() and path.name.startswith('history.db'):
                self.assertNotIn(secret.encode(), path.read_bytes(), path)

    def test_payloads_are_left_out_when_asked(self):
        secret = 'an-event-that-must-not-be-stored'
        self.invoke(self.python('def handler(event, context):\n    return event\n'), {'x': secret}, '--no-payloads')
        for path in self.data.glob('history.db*'):
            self.assertNotIn(secret.encode(), path.read_bytes(), path)
        self.assertEqual(len(self.runs()), 1)


if __name__ == '__main__':
    tap.main()
