#!/usr/bin/python3
"""The ways out of a sandbox: doors, the sandbox's resolver, Kelvin's own endpoint, and faults at a door."""

import json
import os
import pathlib
import socket
import sys
import threading
import urllib.parse

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

ASK = '''
import http.client
def handler(event, context):
    link = http.client.HTTPConnection("web.internal", 8080, timeout=5)
    answers = []
    for path in event["paths"]:
        link.request("GET", path)
        answers.append(link.getresponse().read().decode())
    return answers
'''
TALK = '''
import socket
def handler(event, context):
    got = b""
    try:
        with socket.create_connection(("web.internal", 8080), timeout=5) as link:
            link.sendall(b"GET /abcdefghij HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n")
            while True:
                some = link.recv(4096)
                if not some:
                    return ["end", len(got)]
                got += some
    except ConnectionResetError:
        return ["reset", len(got)]
'''
HOLD = '''
import os, socket, time
held = []
def handler(event, context):
    try:
        held.append(socket.create_connection(("web.internal", 8080), timeout=5))
        held[-1].sendall(b"GET / HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n")
        answer = held[-1].recv(4096)
    except ConnectionResetError:
        return "refused"
    time.sleep(event.get("sleep", 0))
    return "held" if answer else "ended"
'''
NAMES = '''
import socket
def handler(event, context):
    answers = {}
    for name in event:
        try:
            answers[name] = socket.getaddrinfo(name, 80, proto=socket.IPPROTO_TCP)[0][4][0]
        except socket.gaierror as error:
            answers[name] = error.errno == socket.EAI_NONAME
    return answers
'''
NAMES_NODE = '''
import dns from 'node:dns/promises';
export const handler = async (event) => {
  const answers = {};
  for (const name of event)
    for (const how of ['lookup', 'resolve4'])
      answers[`${how} ${name}`] = await dns[how](name).then(
        (found) => found.address ?? found[0], (error) => error.code);
  return answers;
};
'''
CALL = '''
import http.client, json, os, urllib.parse
def handler(event, context):
    address = urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL"])
    link = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
    link.request("POST", f"/2015-03-31/functions/{event['name']}/invocations", json.dumps({"name": "Ada"}))
    answer = link.getresponse()
    return [answer.status, json.loads(answer.read())]
'''


class Place:
    """A little web server: answers each request with its path, and keeps the connection."""

    def __init__(self, host='127.0.0.1'):
        self.listener = socket.create_server((host, 0), backlog=100)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                link, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=[link], daemon=True).start()

    def answer(self, link):
        try:
            self.talk(link)
        except OSError:
            pass  # a door has cut it

    def talk(self, link):
        with link, link.makefile('rb') as lines:
            while True:
                request = lines.readline().split()
                if not request:
                    return
                while lines.readline().strip():
                    pass
                link.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s' % (len(request[1]), request[1]))

    def close(self):
        if self.listener.fileno() >= 0:
            self.listener.shutdown(socket.SHUT_RDWR)  # or the thread that waits would take one more
        self.listener.close()


class Doors(kelvin.Case):
    def setUp(self):
        super().setUp()
        self.place = Place()
        self.addCleanup(self.place.close)

    def door(self, **more):
        return {'Doors': [{'Name': 'web', 'Host': 'web.internal', 'Port': 8080, 'To': f'127.0.0.1:{self.place.port}',
                           **more}]}

    def function_with_door(self, code, **more):
        return self.python(code, Timeout=10, MemorySize=256, Kelvin=self.door(**more))

    def ends(self, document):
        return [connection['ended'] for connection in document['connections']]


class Connections(Doors):
    def test_a_function_reaches_what_its_door_leads_to(self):
        document = self.invoke(self.function_with_door(ASK), {'paths': ['/a', '/b']})
        self.assertEqual(document['payload'], ['/a', '/b'])
        self.assertEqual(len(document['connections']), 1)
        record = document['connections'][0]
        self.assertEqual([record[name] for name in ('door', 'host', 'port', 'to', 'reused')],
                         ['web', 'web.internal', 8080, f'127.0.0.1:{self.place.port}', False])
        self.assertEqual(record['environment'], document['environment'])
        self.assertGreater(record['bytesUp'], 50)
        self.assertGreater(record['bytesDown'], 50)
        self.assertGreaterEqual(record['firstByteMs'], record['connectMs'])
        self.assertEqual(document['refusedDestinations'], [])

    def test_its_spans_lie_in_the_handler(self):
        document = self.invoke(self.function_with_door(ASK), {'paths': ['/a']})
        record, phases = document['connections'][0], document['phases']
        handler_at = sum(phases[name] for name in ('queueMs', 'sandboxMs', 'runtimeMs', 'initMs'))
        self.assertGreaterEqual(record['openedMs'], handler_at - 1)
        self.assertLessEqual(record['openedMs'] + record['firstByteMs'], handler_at + phases['handlerMs'] + 1)

    def test_the_history_keeps_them(self):
        document = self.invoke(self.function_with_door(ASK), {'paths': ['/a']})
        shown = self.expect(self.kelvin('history', 'show', document['runId'], '--json'), 0).json()['invocations'][0]
        self.assertEqual(shown['connections'], document['connections'])

    def test_the_history_shows_them_as_text(self):
        document = self.invoke(self.function_with_door(TALK.replace('web.internal', 'away.internal')), {}, status=1)
        other = self.invoke(self.python(ASK, name='other', Timeout=10, Kelvin=self.door()), {'paths': ['/a']})
        shown = self.expect(self.kelvin('history', 'show', other['runId']), 0).out
        self.assertRegex(shown, r'web +web.internal:8080 +127.0.0.1:\d+ +[\d.]+ +[\d.]+ +[\d.]+ +\d+ +\d+ +\w+')
        shown = self.expect(self.kelvin('history', 'show', document['runId']), 0).out
        self.assertIn('no door leads to away.internal, which was asked for 1 time\n', shown)

    def test_without_a_sandbox_it_says_that_there_are_none(self):
        code = 'import os\ndef handler(event, context):\n    return os.environ.get("AWS_ENDPOINT_URL")\n'
        document = self.invoke(self.function_with_door(code), {}, '--isolation', 'process')
        self.assertEqual((document['payload'], document['connections']), (None, []))
        self.assertIn("its doors aren't there", document['note'])

    def test_one_that_is_kept_open_is_told_as_reused(self):
        keep = ASK.replace('def handler(event, context):\n    link = ', 'link = ').replace(
            'timeout=5)\n', 'timeout=5)\ndef handler(event, context):\n')
        profile = self.expect(self.kelvin('profile', self.function_with_door(keep), '--cold', 1, '--warm', 2, '--event',
                                          '-', '--json', stdin=b'{"paths": ["/"]}'), 0).json()
        shown = self.expect(self.kelvin('history', 'show', profile['runId'], '--json'), 0).json()['invocations']
        self.assertEqual([(item['number'], item['reused'], item['ended'])
                          for invocation in shown for item in invocation['connections']],
                         [(1, False, 'open'), (1, True, 'open'), (1, True, 'open')])

    def test_nobody_there_is_a_reset_and_named(self):
        # A port that is taken, and nobody listens at: another test's service can't get it meanwhile.
        with socket.socket() as silent:
            silent.bind(('127.0.0.1', 0))
            to = f'127.0.0.1:{silent.getsockname()[1]}'
            document = self.invoke(self.function_with_door(TALK, To=to), {}, status=None)
        record = document['connections'][0]
        self.assertEqual((record['ended'], record['error'], record['connectMs']),
                         ('unreachable', 'Connection refused', None))

    def expect(self, outcome, status, *words):
        return super().expect(outcome, outcome.status if status is None else status, *words)


class Names(Doors):
    def test_the_libc_knows_the_doors_names_alone(self):
        document = self.invoke(self.function_with_door(NAMES),
                               ['web.internal', 'WEB.internal', 'localhost', 'api.example.com'])
        self.assertEqual(document['payload'], {'web.internal': '127.0.1.1', 'WEB.internal': '127.0.1.1',
                                               'localhost': '127.0.0.1', 'api.example.com': True})
        self.assertEqual(document['refusedDestinations'], [{'host': 'api.example.com', 'times': 1}])

    def test_node_knows_them_by_both_of_its_ways(self):
        document = self.invoke(self.node(NAMES_NODE, Timeout=10, MemorySize=512, Kelvin=self.door()),
                               ['web.internal', 'api.example.com'])
        self.assertEqual(document['payload'], {
            'lookup web.internal': '127.0.1.1', 'resolve4 web.internal': '127.0.1.1',
            'lookup api.example.com': 'ENOTFOUND', 'resolve4 api.example.com': 'ENOTFOUND'})
        self.assertEqual([refused['host'] for refused in document['refusedDestinations']], ['api.example.com'])

    def test_a_name_without_a_door_is_told_with_what_would_be_right(self):
        outcome = self.expect(self.kelvin('invoke', self.function_with_door(NAMES), '--event-json', '["api.example.com"]'), 0,
                              'asked for api.example.com, which no door leads to',
                              '{"Name":"api","Host":"api.example.com","Port":443,"To":"api.example.com:443"}')
        self.assertEqual(json.loads(outcome.out), {'api.example.com': True})

    def test_an_address_has_no_route(self):
        code = ('import socket\ndef handler(event, context):\n    try:\n        socket.create_connection(("192.0.2.1", 80), 2)\n'
                '    except OSError as error:\n        return error.errno\n')
        self.assertEqual(self.invoke(self.function_with_door(code))['payload'], 101)


class Endpoint(Doors):
    def serve(self, *folders):
        process = self.start('serve', *folders, '--port', '0')
        return process.stdout.readline().split()[-1]

    def test_a_served_function_calls_another(self):
        url = self.serve(self.python(CALL, name='caller', Timeout=20), kelvin.EXAMPLES / 'hello-python')
        self.assertEqual(self.post(url, 'caller', {'name': 'hello-python'}), [200, {'message': 'Hello, Ada'}])
        status, answer = self.post(url, 'caller', {'name': 'nobody'})
        self.assertEqual(status, 404)
        self.assertIn('Function not found', answer['Message'])

    def test_all_addresses_are_reached_by_the_machines_own(self):
        process = self.start('serve', self.python(CALL, name='caller', Timeout=20), kelvin.EXAMPLES / 'hello-python',
                             '--port', '0', '--host', '0.0.0.0')
        port = urllib.parse.urlsplit(process.stdout.readline().split()[-1]).port
        self.assertEqual(self.post(f'http://127.0.0.1:{port}', 'caller', {'name': 'hello-python'})[0], 200)

    def test_without_serve_it_says_what_would_serve(self):
        document = self.invoke(self.python(CALL, Timeout=20), {'name': 'other'})
        status, answer = document['payload']
        self.assertEqual(status, 404)
        self.assertIn('kelvin serve', answer['Message'])
        self.assertEqual([record['door'] for record in document['connections']], ['kelvin'])

    def test_a_variable_of_the_function_leads_elsewhere(self):
        code = 'import os\ndef handler(event, context):\n    return os.environ["AWS_ENDPOINT_URL"]\n'
        folder = self.python(code, Environment={'Variables': {'AWS_ENDPOINT_URL': 'http://web.internal:8080'}},
                             Kelvin=self.door())
        self.assertEqual(self.invoke(folder)['payload'], 'http://web.internal:8080')


class Faults(Doors):
    def test_refuse(self):
        document = self.invoke(self.function_with_door(TALK.replace('        return ["reset", len(got)]',
                                                                    '        return "reset"'), Refuse=True))
        self.assertEqual((document['payload'], self.ends(document)), ('reset', ['refused']))

    def test_delay(self):
        document = self.invoke(self.function_with_door(ASK, DelayMs=60), {'paths': ['/a', '/b']})
        self.assertGreaterEqual(document['phases']['handlerMs'], 120)
        self.assertGreaterEqual(document['connections'][0]['firstByteMs'], 60)
        self.assertLess(document['connections'][0]['connectMs'], 50)

    def test_cut(self):
        document = self.invoke(self.function_with_door(TALK, CutAfterBytes=60))
        sent = len(b'GET /abcdefghij HTTP/1.1\r\nHost: h\r\n\r\n')
        self.assertEqual((document['payload'], self.ends(document)), (['reset', 60 - sent], ['cut']))

    def test_the_connection_over_the_cap_is_refused_and_the_others_named(self):
        cap, name = 3, 'holder'
        folder = self.python(HOLD, name=name, Timeout=30, MemorySize=256, Kelvin=self.door(Cap=cap))
        process = self.start('serve', folder, '--port', '0')
        url = process.stdout.readline().split()[-1]
        answers = []
        callers = [threading.Thread(target=lambda: answers.append(self.post(url, name, {'sleep': 3})))
                   for _ in range(cap + 1)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        self.assertEqual(sorted(answers, key=str), ['held'] * cap + ['refused'])
        process.terminate()
        process.wait()
        invocations = self.expect(self.kelvin('history', 'show', self.runs()[0]['runId'], '--json'), 0).json()['invocations']
        held = sorted(item['environment'] for item in invocations if item['payload'] == 'held')
        refused = [record for item in invocations for record in item['connections'] if record['ended'] == 'capped']
        self.assertEqual(len(refused), 1)
        self.assertEqual(sorted(refused[0]['heldBy'].split(', ')), held)


class OrdinaryUser(Doors):
    """Ports below 1,024 are inside for everyone."""

    def run_argv(self, argv, stdin=None, timeout=120, env=None):
        return super().run_argv(kelvin.as_ordinary_user(argv), stdin, timeout, env)

    def test_a_door_with_a_low_port(self):
        if os.getuid() == 0:
            self.data.mkdir()
            os.chown(self.data, kelvin.ORDINARY_USER, kelvin.ORDINARY_USER)
        folder = self.python(ASK.replace('8080', '80'), Timeout=10, Kelvin=self.door(Port=80))
        self.assertEqual(self.invoke(folder, {'paths': ['/low']})['payload'], ['/low'])


if __name__ == '__main__':
    tap.main()
