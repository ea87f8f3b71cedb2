#!/usr/bin/python3
"""Load: every event accounted for, limits that throttle, callers that try again, and ends of all kinds."""

import os
import pathlib
import signal
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

HELLO = 'def handler(event, context):\n    return 1\n'
SLOW = 'import time\ndef handler(event, context):\n    time.sleep(0.1)\n    return 1\n'


class Load(kelvin.Case):
    def load(self, folder, *options, status=0):
        return self.expect(self.kelvin('load', folder, '--json', *options, timeout=200), status).json()

    def assert_accounted(self, document):
        self.assertEqual(document['offered'],
                         document['completed'] + document['functionErrors'] + document['throttled'])

    def test_planned_events_are_all_sent(self):
        document = self.load(self.python(HELLO), '--rate', 50, '--duration', 2, '--pattern', 'poisson', '--seed', 7)
        again = self.load(self.folder / 'f', '--rate', 50, '--duration', 2, '--pattern', 'poisson', '--seed', 7)
        self.assert_accounted(document)
        self.assertGreater(document['offered'], 60)
        self.assertEqual(document['offered'], again['offered'])
        self.assertEqual((document['pattern'], document['seed']), ('poisson', 7))
        self.assertEqual(document['amplification'], 1)
        self.assertEqual(document['coldStarts'], document['environments'])
        self.assertEqual(document['latencyMs']['p50'] > 0, True)

    def test_waiting_callers_use_as_many_environments(self):
        document = self.load(self.python(SLOW), '--concurrency', 3, '--duration', 1)
        self.assert_accounted(document)
        self.assertEqual((document['pattern'], document['peakConcurrency'], document['environments']), ('closed', 3, 3))
        self.assertGreater(document['completed'], 10)

    def test_warmed_environments_are_there_when_the_first_event_is_due(self):
        document = self.load(self.python(SLOW), '--concurrency', 4, '--duration', 1, '--warm', 4)
        self.assert_accounted(document)
        self.assertEqual((document['coldStarts'], document['environments']), (0, 4))

    def test_provisioned_environments_take_what_they_can_and_the_rest_spills_over(self):
        code = 'import os, time\ndef handler(event, context):\n    time.sleep(0.1)\n' \
               '    return os.environ["AWS_LAMBDA_INITIALIZATION_TYPE"]\n'
        folder = self.python(code, Kelvin={'ProvisionedConcurrentExecutions': 2})
        document = self.load(folder, '--concurrency', 3, '--duration', 1)
        self.assertEqual((document['environments'], document['coldStarts']), (3, 1))
        shown = self.expect(self.kelvin('history', 'show', document['runId'], '--json', '--limit', 200), 0).json()
        said = {(item['start'] == 'provisioned', item['payload']) for item in shown['invocations']}
        self.assertEqual(said, {(True, 'provisioned-concurrency'), (False, 'on-demand')})

    def test_reserved_concurrency_throttles_what_is_over_it(self):
        document = self.load(self.python(SLOW, ReservedConcurrentExecutions=2), '--rate', 50, '--duration', 2)
        self.assert_accounted(document)
        self.assertEqual((document['offered'], document['peakConcurrency']), (100, 2))
        self.assertGreater(document['throttled'], 20)
        self.assertEqual([item['reason'] for item in document['throttles']],
                         ['ReservedFunctionConcurrentInvocationLimitExceeded'])
        shown = self.expect(self.kelvin('history', 'show', document['runId'], '--limit', 200, '--json'), 0).json()
        self.assertEqual(shown['run']['kind'], 'load')
        statuses = [invocation['status'] for invocation in shown['invocations']]
        self.assertEqual((len(statuses), statuses.count('throttled')), (100, document['throttled']))

    def test_reserved_zero_throttles_all_and_is_no_failure(self):
        document = self.load(self.python(HELLO, ReservedConcurrentExecutions=0), '--rate', 20, '--duration', 1)
        self.assertEqual((document['offered'], document['throttled'], document['environments']), (20, 20, 0))

    def test_callers_try_again(self):
        document = self.load(self.python(SLOW, ReservedConcurrentExecutions=1), '--rate', 20, '--duration', 1,
                             '--caller-retries', 20, '--backoff', 'full-jitter')
        self.assert_accounted(document)
        self.assertGreater(document['amplification'], 1)
        self.assertGreater(document['successRate'], document['firstAttemptSuccessRate'])
        shown = self.expect(self.kelvin('history', 'show', document['runId'], '--limit', 200, '--json'), 0).json()
        attempts = sum(len(invocation['attempts']) for invocation in shown['invocations'])
        self.assertEqual(attempts, document['attempts'])

    def test_a_retry_budget_bounds_the_storm(self):
        document = self.load(self.python(HELLO, ReservedConcurrentExecutions=0), '--rate', 100, '--duration', 1,
                             '--caller-retries', 50, '--retry-budget', 0.1)
        self.assertLessEqual(document['attempts'], 111)

    def test_impatient_callers_give_up_while_the_handler_goes_on(self):
        document = self.load(self.python(SLOW), '--rate', 10, '--duration', 1, '--caller-timeout', 0.02, status=1)
        self.assert_accounted(document)
        self.assertEqual((document['functionErrors'], document['callerTimeouts']), (10, 10))

    def test_failures_are_counted_apart(self):
        code = 'def handler(event, context):\n    raise ValueError("no")\n'
        document = self.load(self.python(code), '--rate', 20, '--duration', 1, status=1)
        self.assertEqual((document['offered'], document['functionErrors']), (20, 20))

    def test_environments_that_die_in_init_are_failures(self):
        document = self.load(self.python('import os\nos._exit(3)\n'), '--rate', 10, '--duration', 1, status=1)
        self.assert_accounted(document)
        self.assertEqual(document['functionErrors'], 10)

    def test_handlers_that_never_answer_time_out(self):
        code = 'import time\ndef handler(event, context):\n    time.sleep(60)\n'
        document = self.load(self.python(code, Timeout=1), '--rate', 5, '--duration', 1, status=1)
        self.assertEqual((document['offered'], document['functionErrors']), (5, 5))
        self.assertGreater(document['drainS'], 0.5)

    def test_a_stop_condition_ends_it(self):
        code = 'def handler(event, context):\n    raise ValueError("no")\n'
        document = self.load(self.python(code), '--rate', 200, '--duration', 30, '--stop-error-rate', 0.5, status=1)
        self.assertLess(document['offered'], 2000)
        self.assertIn('of the last 100 events failed', document['stoppedBy'])

    def test_a_cost_cap_ends_it(self):
        document = self.load(self.python(HELLO), '--rate', 200, '--duration', 30, '--stop-cost', 0.00001, status=1)
        self.assertLess(document['estimatedCostUSD'], 0.0001)
        self.assertIn('cap', document['stoppedBy'])

    def test_times_of_a_file(self):
        folder = self.python(HELLO)
        self.write(self.folder / 'times.csv', 'at,what\n0.2,a\n\n0.1,b\n0.3,c\n')
        outcome = self.kelvin('load', folder, '--times', self.folder / 'times.csv', '--json')
        document = self.expect(outcome, 0).json()
        self.assertEqual((document['offered'], document['pattern']), (3, 'times'))
        self.assertIn('put in order', outcome.err)

    def test_wrong_times_are_named(self):
        folder = self.python(HELLO)
        self.write(self.folder / 'times.csv', '0.1\n,\n0.3\n')
        outcome = self.kelvin('load', folder, '--times', self.folder / 'times.csv')
        self.assertEqual(outcome.status, 2, outcome)
        self.assertIn('line 2', outcome.err)

    def test_a_million_times_are_read(self):
        folder = self.python(HELLO)
        self.write(self.folder / 'times.csv', ''.join(f'{i / 1000}\n' for i in range(1000000 if 'KELVIN_SANITIZED' not in os.environ else 20000)))
        process = self.start('load', folder, '--times', self.folder / 'times.csv', '--json')
        self.assertTrue(kelvin.wait_until(self.runs, 60, 0.2))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130)

    def test_wrong_amounts_are_refused(self):
        folder = self.python(HELLO)
        for options in (('--rate', 0, '--duration', 1), ('--rate', -1, '--duration', 1),
                        ('--rate', 1e9, '--duration', 1), ('--rate', 'nan', '--duration', 1),
                        ('--rate', 1, '--duration', 0), ('--rate', 1, '--duration', -5), ('--rate', 1),
                        ('--concurrency', 0, '--duration', 1), ('--concurrency', -2, '--duration', 1),
                        ('--rate', 1, '--concurrency', 1, '--duration', 1), ('--duration', 1),
                        ('--rate', 1, '--duration', 1, '--pattern', 'wild'),
                        ('--rate', 1, '--duration', 1, '--backoff', 'wild'),
                        ('--rate', 1, '--duration', 1, '--caller-retries', -1),
                        ('--rate', 1000000, '--duration', 1000)):
            with self.subTest(options=options):
                outcome = self.kelvin('load', folder, *options)
                self.assertEqual(outcome.status, 2, outcome)
                self.assertEqual(outcome.out, '')

    def test_cancel_in_the_middle_of_a_burst(self):
        folder = self.python('import time\ndef handler(event, context):\n    time.sleep(2)\n')
        process = self.start('load', folder, '--rate', 20, '--duration', 60, '--json')
        self.assertTrue(kelvin.wait_until(lambda: len(kelvin.descendants(process.pid)) > 10, 20))
        family = kelvin.descendants(process.pid)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130, err)
        self.assertTrue(kelvin.wait_until(lambda: not kelvin.still_alive(family), 1))
        document = kelvin.Outcome(130, out, err).json()
        self.assert_accounted(document)
        self.assertGreater(document['cancelled'], 0)
        listed = self.expect(self.kelvin('history', 'list', '--json'), 0).json()['runs'][0]
        self.assertEqual((listed['kind'], listed['status']), ('load', 'cancelled'))

    def test_a_rate_out_of_reach_is_said(self):
        folder = self.python(HELLO, ReservedConcurrentExecutions=0)
        outcome = self.kelvin('load', folder, '--rate', 1000000, '--duration', 0.1, '--json')
        document = self.expect(outcome, 0).json()
        self.assert_accounted(document)
        self.assertEqual(document['offered'], 100000)
        self.assertLess(document['reachedRatePerS'], 900000)
        self.assertIn('were asked for; this machine sent', document['warning'])
        self.assertGreater(document['latenessMs']['p99'], 1)


if __name__ == '__main__':
    tap.main()
