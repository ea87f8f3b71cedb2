#!/usr/bin/python3
"""The local Lambda endpoint: the Invoke call."""

import base64
import http.client
import json
import signal
import socket
import threading
import time
import urllib.parse
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

ECHO = '''
import time
def handler(event, context):
    print("log of", context.aws_request_id)
    if event.get("fail"):
        raise KeyError(event["fail"])
    time.sleep(event.get("sleep", 0))
    return "x" * event["length"] if "length" in event else event
'''


class Serve(kelvin.Case):
    def setUp(self):
        super().setUp()
        self.folders = [self.python(ECHO, name='echo', Timeout=10), kelvin.EXAMPLES / 'hello-node']
        self.folders.append(self.python(ECHO, name='closed', ReservedConcurrentExecutions=0))
        self.process = self.start('serve', *self.folders, '--port', '0')
        line = self.process.stdout.readline()
        self.assertTrue(line.startswith('listening on http://127.0.0.1:'), line)
        self.address = urllib.parse.urlsplit(line.split()[-1])

    def link(self):
        link = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=60)
        self.addCleanup(link.close)
        return link

    def call(self, name='echo', body=b'{}', headers=None):
        link = self.link()
        link.request('POST', f'/2015-03-31/functions/{name}/invocations', body, headers or {})
        answer = link.getresponse()
        return answer, answer.read()

    def test_answers_with_the_payload(self):
        answer, content = self.call(body=b'{"a": [1, null]}')
        self.assertEqual((answer.status, json.loads(content)), (200, {'a': [1, None]}))
        self.assertRegex(answer.headers['x-amzn-RequestId'], r'^[0-9a-f-]{36}$')
        self.assertEqual(answer.headers['X-Amz-Executed-Version'], '$LATEST')
        self.assertIsNone(answer.headers['X-Amz-Function-Error'])

    def test_takes_name_and_arn(self):
        arn = 'arn:aws:lambda:us-east-1:000000000000:function:hello-node'
        for name in ('hello-node', arn, '000000000000:function:hello-node'):
            answer, content = self.call(urllib.parse.quote(name, safe=''), b'{"name": "Ada"}')
            self.assertEqual((answer.status, json.loads(content)), (200, {'message': 'Hello, Ada'}), name)

    def test_a_function_that_fails_answers_200_and_says_so(self):
        answer, content = self.call(body=b'{"fail": "x"}')
        self.assertEqual((answer.status, answer.headers['X-Amz-Function-Error']), (200, 'Unhandled'))
        self.assertEqual(json.loads(content)['errorType'], 'KeyError')

    def test_the_tail_of_the_log_comes_when_asked(self):
        answer, _ = self.call(headers={'X-Amz-Log-Type': 'Tail'})
        tail = base64.b64decode(answer.headers['X-Amz-Log-Result']).decode()
        self.assertIn('log of', tail)
        self.assertIn('REPORT RequestId', tail)
        self.assertLessEqual(len(tail.encode()), 4096)

    def test_reserved_concurrency_of_nothing_answers_429(self):
        answer, content = self.call('closed')
        self.assertEqual((answer.status, answer.headers['x-amzn-ErrorType']), (429, 'TooManyRequestsException'))
        self.assertEqual(json.loads(content), {'Reason': 'ReservedFunctionConcurrentInvocationLimitExceeded',
                                               'Type': 'User', 'message': 'Rate Exceeded.'})

    def test_a_dry_run_runs_nothing(self):
        answer, content = self.call(headers={'X-Amz-Invocation-Type': 'DryRun'})
        self.assertEqual((answer.status, content), (204, b''))

    def test_an_unknown_function_is_404(self):
        answer, content = self.call('nobody')
        self.assertEqual(answer.status, 404)
        self.assertEqual(answer.headers['x-amzn-ErrorType'], 'ResourceNotFoundException')
        self.assertIn('nobody', content.decode())

    def test_a_payload_that_is_not_json_is_400(self):
        answer, _ = self.call(body=b'{nope')
        self.assertEqual(answer.status, 400)
        self.assertEqual(answer.headers['x-amzn-ErrorType'], 'InvalidRequestContentException')

    def test_a_payload_over_six_megabytes_is_413(self):
        answer, _ = self.call(body=b'"' + b'x' * (6 << 20) + b'"')
        self.assertEqual(answer.status, 413)
        self.assertEqual(answer.headers['x-amzn-ErrorType'], 'RequestEntityTooLargeException')

    def test_an_environment_is_reused(self):
        for _ in range(3):
            self.call()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)
        run, = [run for run in self.runs() if run['kind'] == 'serve']
        shown = self.expect(self.kelvin('history', 'show', run['runId'], '--json'), 0).json()
        self.assertEqual([one['start'] for one in shown['invocations']], ['cold', 'warm', 'warm'])
        self.assertEqual({one['functionName'] for one in shown['invocations']}, {'echo'})

    def test_an_edit_retires_the_environments(self):
        self.call()
        edited = 'def handler(event, context):\n    return "edited"\n'
        (self.folders[0] / 'app.py').write_text(edited, encoding='utf-8')
        self.assertTrue(kelvin.wait_until(lambda: self.call()[1] == b'"edited"', 5))

    def test_all_calls_after_an_edit_run_the_edited_code(self):
        self.call()
        for number in range(2000):
            (self.folders[0] / f'module{number}.py').write_text(f'x = {number}\n', encoding='utf-8')
        edited = 'def handler(event, context):\n    return "edited"\n'
        (self.folders[0] / 'app.py').write_text(edited, encoding='utf-8')
        time.sleep(1)  # the watch tells of a change after a pause; a slow machine needs longer
        for _ in range(5):
            contents = self.calls_side_by_side(6)
            if contents[0] == b'"edited"':
                break
        self.assertEqual(contents, [b'"edited"'] * 6)

    def calls_side_by_side(self, number):
        """The answers, in the order in which the calls began."""
        contents = [None] * number

        def call(place):
            contents[place] = self.call()[1]
        calls = [threading.Thread(target=call, args=(place,)) for place in range(number)]
        for one in calls:
            one.start()
            time.sleep(0.01)
        for one in calls:
            one.join()
        return contents

    def call_until_refused(self, body, statuses):
        link = self.link()
        try:
            while True:
                link.request('POST', '/2015-03-31/functions/echo/invocations', body)
                answer = link.getresponse()
                answer.read()
                statuses.append(answer.status)
                if answer.status != 200:
                    return
        except (http.client.HTTPException, OSError):
            return  # its connection was closed

    def terminate_under_load(self, body):
        statuses = []
        calls = [threading.Thread(target=self.call_until_refused, args=(body, statuses)) for _ in range(6)]
        for call in calls:
            call.start()
        self.assertTrue(kelvin.wait_until(lambda: len(statuses) > 12, 30))
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.process.wait(timeout=20), 0)
        for call in calls:
            call.join()
        self.assertLessEqual(set(statuses), {200, 503})
        self.assertEqual(self.process.stderr.read(), '')

    def test_terminating_ends_calls_that_keep_coming(self):
        self.terminate_under_load(b'{}')

    def test_terminating_waits_for_events_that_are_being_checked(self):
        self.terminate_under_load(b'{"fill": "' + b'x' * (5 << 20) + b'"}')

    def test_terminating_sends_the_whole_answer_to_a_slow_caller(self):
        link = self.link()
        link.connect()
        link.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        link.request('POST', '/2015-03-31/functions/echo/invocations', b'{"length": 5900000}')
        link.sock.recv(1, socket.MSG_PEEK)
        self.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)  # it would have ended by now
        self.assertEqual(len(link.getresponse().read()), 5900002)
        self.assertEqual(self.process.wait(timeout=20), 0)

    def test_a_caller_that_goes_away_harms_nobody(self):
        link = self.link()
        link.request('POST', '/2015-03-31/functions/echo/invocations', b'{"sleep": 0.3}')
        self.assertTrue(kelvin.wait_until(lambda: len(kelvin.descendants(self.process.pid)) >= 4, 10))
        link.close()
        self.assertEqual(self.call()[0].status, 200)
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.process.wait(timeout=20), 0)
        self.assertEqual(self.process.stderr.read(), '')

    def test_a_name_of_any_bytes_is_refused_in_json(self):
        answer, content = self.call('%ff')
        self.assertEqual(answer.status, 400)
        self.assertIn('functionName', json.loads(content)['message'])

    def test_terminating_drains_and_exits_0(self):
        link = self.link()
        link.request('POST', '/2015-03-31/functions/echo/invocations', b'{"sleep": 1}')
        self.assertTrue(kelvin.wait_until(lambda: len(kelvin.descendants(self.process.pid)) >= 4, 10))
        all_of_them = kelvin.descendants(self.process.pid)
        self.process.send_signal(signal.SIGTERM)
        answer = link.getresponse()
        self.assertEqual((answer.status, json.loads(answer.read())), (200, {'sleep': 1}))
        self.assertEqual(self.process.wait(timeout=20), 0)
        self.assertTrue(kelvin.wait_until(lambda: not kelvin.still_alive(all_of_them), 2))


class WrongUse(kelvin.Case):
    ONE = 'def handler(event, context):\n    return 1\n'

    def test_two_functions_of_one_name_are_refused(self):
        one = self.python(self.ONE, name='a', FunctionName='same')
        two = self.python(self.ONE, name='b', FunctionName='same')
        self.expect(self.kelvin('serve', one, two, '--port', '0', timeout=20), 2, 'same')

    def test_a_port_in_use_is_named(self):
        first = self.start('serve', kelvin.EXAMPLES / 'hello-python', '--port', '0')
        port = first.stdout.readline().rpartition(':')[2].strip()
        outcome = self.kelvin('serve', kelvin.EXAMPLES / 'hello-python', '--port', port, timeout=20)
        self.assertIn(outcome.status, (2, 3), str(outcome))
        self.assertIn(port, outcome.err)


if __name__ == '__main__':
    tap.main()
