#!/usr/bin/python3
"""One invocation: its document, what the handler sees, results and errors of each language."""

import json
import pathlib
import re
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

PHASES = ('queueMs', 'sandboxMs', 'runtimeMs', 'initMs', 'handlerMs', 'responseMs')
REPORT = re.compile(r'REPORT RequestId: (\S+)\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\t'
                    r'Memory Size: 128 MB\tMax Memory Used: \d+ MB')


class Document(kelvin.Case):
    """`invoke --json` of a function that does next to nothing."""

    def setUp(self):
        super().setUp()
        self.document = self.invoke(kelvin.EXAMPLES / 'hello-python', {'name': 'Ada'})

    def test_says_who_ran(self):
        self.assertEqual(self.document['functionName'], 'hello-python')
        self.assertRegex(self.document['requestId'], r'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')
        self.assertTrue(self.document['runId'])
        self.assertTrue(self.document['version'])

    def test_has_the_result(self):
        self.assertEqual(self.document['statusCode'], 200)
        self.assertIsNone(self.document['functionError'])
        self.assertEqual(self.document['payload'], {'message': 'Hello, Ada'})

    def test_the_phases_of_a_cold_start_are_there_and_sensible(self):
        self.assertEqual(self.document['start'], 'cold')
        phases = self.document['phases']
        for name in PHASES:
            self.assertGreaterEqual(phases[name], 0, name)
        for name in ('sandboxMs', 'runtimeMs', 'handlerMs'):
            self.assertGreater(phases[name], 0, name)
        self.assertEqual(set(phases) - set(PHASES), set())

    def test_durations_follow_from_the_phases(self):
        phases = self.document['phases']
        self.assertAlmostEqual(self.document['initDurationMs'], phases['runtimeMs'] + phases['initMs'], delta=1)
        self.assertAlmostEqual(self.document['durationMs'], phases['handlerMs'], delta=1)
        self.assertEqual(self.document['billedDurationMs'],
                         -int(-(self.document['initDurationMs'] + self.document['durationMs']) // 1))

    def test_the_cost_is_that_of_the_billed_time(self):
        seconds = self.document['billedDurationMs'] / 1000
        self.assertAlmostEqual(self.document['estimatedCostUSD'], 0.0000002 + seconds * 128 / 1024 * 0.0000166667,
                               delta=2e-9)

    def test_memory_and_processor_time_are_measured(self):
        self.assertEqual(self.document['memorySizeMB'], 128)
        self.assertGreater(self.document['maxMemoryUsedMB'], 1)
        self.assertLess(self.document['maxMemoryUsedMB'], 100)
        self.assertGreater(self.document['cpuMs'], 0)

    def test_the_log_has_the_lines_of_the_service(self):
        log = self.document['log']
        self.assertIn(f'START RequestId: {self.document["requestId"]}', log)
        self.assertIn('greeting Ada', log)
        self.assertIn(f'END RequestId: {self.document["requestId"]}', log)
        self.assertRegex(log, REPORT)
        self.assertLess(log.index('START'), log.index('greeting'))
        self.assertLess(log.index('greeting'), log.index('END'))

    def test_without_json_the_payload_is_all_of_the_answer(self):
        outcome = self.expect(self.kelvin('invoke', kelvin.EXAMPLES / 'hello-python'), 0)
        self.assertEqual(json.loads(outcome.out), {'message': 'Hello, world'})

    def test_the_log_goes_to_standard_error(self):
        outcome = self.expect(self.kelvin('invoke', kelvin.EXAMPLES / 'hello-python', '--log'), 0)
        self.assertIn('REPORT RequestId', outcome.err)
        self.assertNotIn('REPORT', outcome.out)


class Event(kelvin.Case):
    ECHO = 'def handler(event, context):\n    return event\n'

    def test_comes_from_a_file_standard_input_or_the_command_line(self):
        folder = self.python(self.ECHO)
        self.write(self.folder / 'event.json', '{"from": "file"}')
        by_file = self.kelvin('invoke', folder, '--event', self.folder / 'event.json')
        by_input = self.kelvin('invoke', folder, '--event', '-', stdin=b'{"from": "input"}')
        by_text = self.kelvin('invoke', folder, '--event-json', '{"from": "text"}')
        for outcome, source in ((by_file, 'file'), (by_input, 'input'), (by_text, 'text')):
            self.assertEqual(json.loads(self.expect(outcome, 0).out), {'from': source})

    def test_is_an_empty_object_unless_given(self):
        self.assertEqual(self.invoke(self.python(self.ECHO))['payload'], {})

    def test_arrives_unchanged_whatever_it_is(self):
        folder = self.python(self.ECHO)
        for event in (None, False, 0, '', [], 'text with ü and \u2028', 1.5, [[], {}], {'a': {'b': [1, None]}}):
            self.assertEqual(self.invoke(folder, event)['payload'], event, repr(event))

    def test_may_be_five_megabytes_long(self):
        folder = self.python('def handler(event, context):\n    return len(event["text"])\n')
        event = json.dumps({'text': 'x' * 5_000_000}).encode()
        outcome = self.expect(self.kelvin('invoke', folder, '--event', '-', stdin=event), 0)
        self.assertEqual(json.loads(outcome.out), 5_000_000)

    def test_is_one_of_the_samples(self):
        folder = self.python(self.ECHO)
        samples = sorted((kelvin.ROOT / 'data/samples').glob('*.json'))
        self.assertGreaterEqual(len(samples), 12)
        for sample in samples[:3]:
            outcome = self.expect(self.kelvin('invoke', folder, '--event', sample), 0)
            self.assertEqual(json.loads(outcome.out), json.loads(sample.read_text(encoding='utf-8')))


class Python(kelvin.Case):
    def test_a_result_of_nothing_is_a_result(self):
        values = (('None', None), ('False', False), ('0', 0), ("''", ''), ('[]', []), ('{}', {}))
        for number, (text, value) in enumerate(values):
            folder = self.python(f'def handler(event, context):\n    return {text}\n', name=f'f{number}')
            document = self.invoke(folder)
            self.assertEqual(document['payload'], value, text)
            self.assertIsNone(document['functionError'])

    def test_the_handler_sees_context_and_environment_variables(self):
        code = '''
import os
def handler(event, context):
    return {
        "id": context.aws_request_id, "left": context.get_remaining_time_in_millis(),
        "arn": context.invoked_function_arn, "group": context.log_group_name, "stream": context.log_stream_name,
        "name": context.function_name, "version": context.function_version, "memory": context.memory_limit_in_mb,
        "own": os.environ["COLOUR"], "cwd": os.getcwd(), "variables": dict(os.environ),
    }
'''
        folder = self.python(code, name='seen', MemorySize=256, Timeout=7, Environment={'Variables': {'COLOUR': 'blue'}})
        document = self.invoke(folder)
        payload = document['payload']
        self.assertEqual(payload['id'], document['requestId'])
        self.assertTrue(5000 < payload['left'] <= 7000, payload['left'])
        self.assertEqual(payload['arn'], 'arn:aws:lambda:us-east-1:000000000000:function:seen')
        self.assertEqual(payload['group'], '/aws/lambda/seen')
        self.assertRegex(payload['stream'], r'^\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}$')
        self.assertEqual((payload['name'], payload['version']), ('seen', '$LATEST'))
        self.assertEqual(str(payload['memory']), '256')
        self.assertEqual((payload['own'], payload['cwd']), ('blue', '/var/task'))
        variables = payload['variables']
        expected = {'AWS_LAMBDA_FUNCTION_NAME': 'seen', 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE': '256',
                    'AWS_LAMBDA_FUNCTION_VERSION': '$LATEST', '_HANDLER': 'app.handler', 'TZ': ':UTC',
                    'LAMBDA_TASK_ROOT': '/var/task', 'LAMBDA_RUNTIME_DIR': '/var/runtime', 'AWS_REGION': 'us-east-1',
                    'AWS_EXECUTION_ENV': 'AWS_Lambda_python3.11', 'AWS_LAMBDA_INITIALIZATION_TYPE': 'on-demand'}
        self.assertEqual({name: variables.get(name) for name in expected}, expected)
        for name in ('AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_LAMBDA_RUNTIME_API'):
            self.assertTrue(variables.get(name), name)

    def test_variables_of_the_caller_do_not_leak_in(self):
        folder = self.python('import os\ndef handler(event, context):\n    return sorted(os.environ)\n')
        outcome = self.kelvin('invoke', folder, '--json',
                              env=self.environment(SECRET_OF_THE_CALLER='1', AWS_PROFILE='mine', PYTHONPATH='/x'))
        self.assertNotIn('SECRET_OF_THE_CALLER', outcome.json()['payload'])
        self.assertNotIn('AWS_PROFILE', outcome.json()['payload'])

    def test_an_exception_has_the_shape_of_the_service(self):
        document = self.invoke(kelvin.EXAMPLES / 'error', {'item': 'coffee'}, status=1)
        self.assertEqual(document['functionError'], 'Unhandled')
        payload = document['payload']
        self.assertEqual((payload['errorType'], payload['errorMessage']), ('OutOfStock', 'no coffee left'))
        self.assertEqual(payload['requestId'], document['requestId'])
        self.assertRegex(payload['stackTrace'][-1], r'File "/var/task/app.py", line \d+, in take')

    def test_a_module_in_a_folder_can_hold_the_handler(self):
        folder = self.function('f', handler='src/main.entry', files={'src/main.py': 'def entry(event, context):\n    return 1\n'})
        self.assertEqual(self.invoke(folder)['payload'], 1)

    def test_own_modules_can_be_imported(self):
        folder = self.function('f', files={'app.py': 'import part.other\ndef handler(e, c):\n    return part.other.VALUE\n',
                                           'part/__init__.py': '', 'part/other.py': 'VALUE = 5\n'})
        self.assertEqual(self.invoke(folder)['payload'], 5)

    def test_a_result_that_is_not_json_is_an_error(self):
        document = self.invoke(self.python('def handler(event, context):\n    return object()\n'), status=1)
        self.assertEqual(document['payload']['errorType'], 'Runtime.MarshalError')

    def test_another_minor_version_runs_with_a_warning(self):
        folder = self.python('import sys\ndef handler(event, context):\n    return sys.version_info[:2]\n', Runtime='python3.14')
        outcome = self.expect(self.kelvin('invoke', folder, '--json'), 0)
        if outcome.json()['payload'] != [3, 14]:
            self.assertRegex(outcome.err, r'measured on 3\.\d+, asked for 3\.14')

    def test_layers_are_merged_at_opt(self):
        self.write(self.folder / 'layer/python/shared.py', 'VALUE = "from the layer"\n')
        folder = self.python('import shared\ndef handler(event, context):\n    return shared.VALUE\n', Layers=['../layer'])
        self.assertEqual(self.invoke(folder)['payload'], 'from the layer')


class Node(kelvin.Case):
    def check(self, code, expected, file='index.mjs', event=kelvin.NO_EVENT):
        document = self.invoke(self.node(code, file=file), event)
        self.assertEqual(document['payload'], expected)
        return document

    def test_an_async_handler_of_an_es_module(self):
        self.check('export const handler = async (event) => ({ got: event.a });', {'got': 1}, event={'a': 1})

    def test_a_handler_with_a_callback(self):
        self.check('exports.handler = (event, context, callback) => callback(null, "done");', 'done', file='index.js')

    def test_a_common_js_module_by_its_name(self):
        self.check('exports.handler = async () => require("path").basename(__filename);', 'index.cjs', file='index.cjs')

    def test_top_level_await(self):
        self.check('const value = await Promise.resolve(3);\nexport const handler = async () => value;', 3)

    def test_a_result_of_nothing_is_a_result(self):
        for number, (text, value) in enumerate((('null', None), ('false', False), ('0', 0), ('""', ''), ('undefined', None))):
            folder = self.node(f'export const handler = async () => {text};', name=f'f{number}')
            document = self.invoke(folder)
            self.assertEqual(document['payload'], value, text)
            self.assertIsNone(document['functionError'])

    def test_the_context_is_there(self):
        document = self.check('export const handler = async (event, context) => [context.functionName,'
                              ' context.memoryLimitInMB, context.getRemainingTimeInMillis() > 0];', ['f', '128', True])
        self.assertEqual(document['start'], 'cold')

    def test_an_exception_has_the_shape_of_the_service(self):
        document = self.invoke(self.node('export const handler = async () => { throw new TypeError("boom"); };'), status=1)
        payload = document['payload']
        self.assertEqual((payload['errorType'], payload['errorMessage']), ('TypeError', 'boom'))
        self.assertIn('TypeError: boom', payload['trace'][0])

    def test_a_rejection_nobody_handles_ends_the_invocation(self):
        code = 'export const handler = async () => { Promise.reject(new Error("lost")); await new Promise((r) => setTimeout(r, 500)); };'
        document = self.invoke(self.node(code), status=1)
        self.assertEqual(document['payload']['errorType'], 'Runtime.UnhandledPromiseRejection')


class Provided(kelvin.Case):
    def test_a_bootstrap_in_shell_serves(self):
        document = self.invoke(kelvin.EXAMPLES / 'hello-provided', {'name': 'Ada'})
        self.assertEqual(document['payload'], {'message': 'Hello, Ada'})
        self.assertIn('greeting Ada', document['log'])


class Versions(kelvin.Case):
    def test_an_edit_makes_a_new_version_and_going_back_the_old_one(self):
        first = 'def handler(event, context):\n    return 1\n'
        folder = self.python(first)
        before = self.invoke(folder)['version']
        (folder / 'app.py').write_text(first.replace('1', '2'), encoding='utf-8')
        changed = self.invoke(folder)
        (folder / 'app.py').write_text(first, encoding='utf-8')
        after = self.invoke(folder)['version']
        self.assertEqual(changed['payload'], 2)
        self.assertNotEqual(changed['version'], before)
        self.assertEqual(after, before)

    def test_configuration_is_part_of_the_version(self):
        one = self.invoke(self.python('def handler(event, context):\n    return 1\n', name='a', FunctionName='same'))
        two = self.invoke(self.python('def handler(event, context):\n    return 1\n', name='b', FunctionName='same', MemorySize=256))
        self.assertNotEqual(one['version'], two['version'])


class Examples(kelvin.Case):
    """Every example runs with each of its events."""

    EXPECTED = {'error/out-of-stock': 1, 'error/unknown-item': 1, 'timeout/too-long': 1, 'out-of-memory/too-much': None,
                'door/front-page': None}

    def test_each_runs_with_each_of_its_events(self):
        folders = sorted(path.parent for path in kelvin.EXAMPLES.glob('*/function.json'))
        self.assertEqual(len(folders), 9)
        for folder in folders:
            events = sorted(folder.glob('events/*.json'))
            self.assertTrue(events, folder)
            for event in events:
                outcome = self.kelvin('invoke', folder, '--event', event, '--json')
                expected = self.EXPECTED.get(f'{folder.name}/{event.stem}', 0)
                if expected is not None:
                    self.assertEqual(outcome.status, expected, f'{folder.name} with {event.name}: {outcome}')

    def test_heavy_import_spends_over_100_ms_in_init(self):
        self.assertGreater(self.invoke(kelvin.EXAMPLES / 'heavy-import')['phases']['initMs'], 100)

    def test_timeout_is_ended_at_its_timeout(self):
        document = self.invoke(kelvin.EXAMPLES / 'timeout', {'seconds': 5}, status=1)
        self.assertEqual(document['payload']['errorType'], 'Sandbox.Timedout')
        self.assertIn('Task timed out after 2.00 seconds', document['payload']['errorMessage'])
        self.assertAlmostEqual(document['durationMs'], 2000, delta=100)

    def test_out_of_memory_is_ended_where_doctor_says_that_memory_is_limited(self):
        limited = self.kelvin('doctor', '--json').json()['limits']['memory'] != 'not enforced'
        document = self.invoke(kelvin.EXAMPLES / 'out-of-memory', {'megabytes': 512}, status=1 if limited else 0)
        if limited:
            self.assertEqual(document['maxMemoryUsedMB'], 128)
            self.assertIn('Runtime.OutOfMemory', document['log'])
        else:
            self.assertEqual(document['payload'], {'held': 512})

    def test_thumbnails_writes_three_pictures(self):
        document = self.invoke(kelvin.EXAMPLES / 'thumbnails', {'widths': [160, 320, 640]})
        self.assertEqual([made['width'] for made in document['payload']['thumbnails']], [160, 320, 640])


if __name__ == '__main__':
    tap.main()
