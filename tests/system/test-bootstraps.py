#!/usr/bin/python3
"""Kelvin's bootstraps without a sandbox, on every interpreter that is found."""

import glob
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import fake_runtime_api  # noqa: E402
import tap  # noqa: E402

RUNTIMES = fake_runtime_api.ROOT / 'runtimes'
ID = fake_runtime_api.request_id(1)
INSTANT = r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z'
NBSP = '\u00a0\u00a0'


class Case(unittest.TestCase):
    """A folder for the function's code, and short ways to run it."""

    argv = None

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix='kelvin-test-')
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(os.path.realpath(temporary.name))

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')

    def serve(self, handler, *events, **options):
        return fake_runtime_api.serve(self.argv, self.folder, handler, [json.dumps(event).encode() for event in events], **options)

    def results(self, served):
        """What the handler returned, event by event."""
        for answer in served.answers:
            self.assertRegex(answer.path, '^invocation/.*/response$', f'{answer.body} {served.log}')
            self.assertEqual(answer.fields['content-type'], 'application/json')
        return [json.loads(answer.body) for answer in served.answers]

    def error(self, served, path, error_type):
        """The one error that was reported, which the log shows too."""
        self.assertEqual([answer.path for answer in served.answers], [path], served.log)
        answer, = served.answers
        self.assertEqual(answer.fields['lambda-runtime-function-error-type'], error_type)
        document = json.loads(answer.body)
        self.assertEqual(document['errorType'], error_type)
        return document

    def handler_error(self, served, error_type):
        self.assertIsNone(served.status, 'an error of the handler leaves the runtime at work')
        return self.error(served, f'invocation/{ID}/error', error_type)

    def init_error(self, served, error_type):
        self.assertEqual(served.status, 1)
        return self.error(served, 'init/error', error_type)


class Python(Case):
    version = None

    def code(self, text, *events, **options):
        self.write('app.py', text)
        return self.serve('app.handler', *events, **options)

    def test_results_are_what_the_handler_returned(self):
        values = [None, False, 0, '', [], {}, {'a': [1, 2.5, 'ü', None, True]}, 'x' * 100000]
        self.assertEqual(self.results(self.code('def handler(event, context): return event', *values)), values)

    def test_json_is_written_as_the_service_does(self):
        served = self.code('from decimal import Decimal\ndef handler(event, context): return {"a": [1, "ü", Decimal("1.5")]}', 1)
        # From 3.12 on characters stand as they are.
        text = '{"a": [1, "ü", 1.5]}' if self.version >= (3, 12) else '{"a": [1, "\\u00fc", 1.5]}'
        self.assertEqual(served.answers[0].body.decode(), text)

    def test_large_events_and_results(self):
        event = 'ü' * (1 << 20)
        self.assertEqual(self.results(self.code('def handler(event, context): return event', event)), [event])

    def test_a_refused_large_result_leaves_the_runtime_at_work(self):
        served = self.code('def handler(event, context): return 1', 1, 2, response_status='413 Request Entity Too Large')
        self.assertEqual(len(served.answers), 2)
        self.assertIsNone(served.status)

    def test_context(self):
        code = '''
import os
def handler(event, context):
    return [context.aws_request_id, context.function_name, context.function_version, context.invoked_function_arn,
            context.memory_limit_in_mb, context.log_group_name, context.log_stream_name, context.identity,
            context.client_context, 0 < context.get_remaining_time_in_millis() <= 3000, os.environ['_X_AMZN_TRACE_ID']]
'''
        arn = 'arn:aws:lambda:us-east-1:000000000000:function:hello'
        first, second = self.results(self.code(code, 1, 2))
        self.assertEqual(first, [ID, 'hello', '$LATEST', arn, '128', '/aws/lambda/hello', '2026/01/01/[$LATEST]0', None, None,
                                 True, 'Root=1-00000001-000000000000000000000000'])
        self.assertEqual((second[0], second[-1]), (fake_runtime_api.request_id(2), 'Root=1-00000002-000000000000000000000000'))

    def test_trace_id_reaches_an_environment_that_is_read_late(self):
        code = 'def handler(event, context):\n    import os\n    return os.environ["_X_AMZN_TRACE_ID"]'
        self.assertEqual(self.results(self.code(code, 1, 2))[1], 'Root=1-00000002-000000000000000000000000')

    def test_client_context_and_identity(self):
        code = '''
def handler(event, context):
    return [context.client_context.custom, context.client_context.client.app_title, context.identity.cognito_identity_id]
'''
        fields = {'Lambda-Runtime-Client-Context': '{"custom": {"a": "ü"}, "client": {"app_title": "t"}}',
                  'Lambda-Runtime-Cognito-Identity': '{"cognitoIdentityId": "i", "cognitoIdentityPoolId": "p"}'}
        self.assertEqual(self.results(self.code(code, 1, fields=fields)), [[{'a': 'ü'}, 't', 'i']])

    def test_handler_error(self):
        served = self.code('def handler(event, context):\n    raise ValueError("böom")\n', 1)
        trace = [f'  File "{self.folder}/app.py", line 2, in handler\n    raise ValueError("böom")\n']
        self.assertEqual(self.handler_error(served, 'ValueError'),
                         {'errorMessage': 'böom', 'errorType': 'ValueError', 'requestId': ID, 'stackTrace': trace})
        self.assertEqual(served.log, '[ERROR] ValueError: böom\nTraceback (most recent call last):\n'
                         f'{NBSP}File "{self.folder}/app.py", line 2, in handler\n{NBSP * 2}raise ValueError("böom")\n')

    def test_an_error_whose_text_fails(self):
        code = 'class E(Exception):\n    def __str__(self): raise OSError\ndef handler(event, context): raise E'
        self.assertIn('E', self.handler_error(self.code(code, 1), 'E')['errorMessage'])

    def test_what_cannot_be_json(self):
        served = self.code('import datetime\ndef handler(event, context): return datetime.date(2026, 1, 1)', 1)
        self.assertEqual(self.handler_error(served, 'Runtime.MarshalError'), {
            'errorMessage': 'Unable to marshal response: Object of type date is not JSON serializable',
            'errorType': 'Runtime.MarshalError', 'requestId': ID, 'stackTrace': []})

    def test_an_event_that_is_no_json(self):
        self.write('app.py', 'def handler(event, context): return event')
        served = fake_runtime_api.serve(self.argv, self.folder, 'app.handler', [b'{"a": }'])
        document = self.handler_error(served, 'Runtime.UnmarshalError')
        self.assertTrue(document['errorMessage'].startswith('Unable to unmarshal input: Expecting value'), document)

    def test_missing_module(self):
        document = self.init_error(self.code('import surely_absent'), 'Runtime.ImportModuleError')
        self.assertEqual(document, {'errorMessage': "Unable to import module 'app': No module named 'surely_absent'",
                                    'errorType': 'Runtime.ImportModuleError', 'requestId': '', 'stackTrace': []})

    def test_a_required_module_that_is_not_installed(self):
        self.write('requirements.txt', '# comment\nother==1\nSurely-Absent[extra]>=2 ; python_version > "3"\n')
        message = self.init_error(self.code('import surely_absent.part'), 'Runtime.ImportModuleError')['errorMessage']
        self.assertIn('pip install --target . -r requirements.txt', message)

    def test_missing_handler(self):
        message = self.init_error(self.code('x = 1'), 'Runtime.HandlerNotFound')['errorMessage']
        self.assertEqual(message, "Handler 'handler' missing on module 'app'")

    def test_malformed_handler(self):
        message = self.init_error(self.serve('app'), 'Runtime.MalformedHandlerName')['errorMessage']
        self.assertEqual(message, "Bad handler 'app': not enough values to unpack (expected 2, got 1)")

    def test_handler_in_a_built_in_module(self):
        self.init_error(self.serve('sys.exit'), 'Runtime.BuiltInModuleConflict')

    def test_syntax_error(self):
        document = self.init_error(self.code('x = 1\nx = = 2\n'), 'Runtime.UserCodeSyntaxError')
        self.assertEqual(document['errorMessage'], "Syntax error in module 'app': invalid syntax (app.py, line 2)")
        self.assertEqual(document['stackTrace'], [f'  File "{self.folder}/app.py" Line 2\n    x = = 2\n'])

    def test_error_in_init(self):
        served = self.code('def fail():\n    1 / 0\nfail()\n')
        document = self.init_error(served, 'ZeroDivisionError')
        self.assertIn(f'  File "{self.folder}/app.py", line 2, in fail\n    1 / 0\n', document['stackTrace'])
        self.assertIn('[ERROR] ZeroDivisionError: division by zero\n', served.log)

    def test_handler_in_a_folder(self):
        self.write('src/part/app.py', 'def handler(event, context): return __name__')
        for name in ('src/part/app.handler', 'src.part.app.handler'):
            self.assertEqual(self.results(self.serve(name, 1)), ['src.part.app'])

    def test_modules_of_the_function_are_not_hidden(self):
        for name in ('bootstrap', 'kelvin_runtime', 'kelvin_fault', 'runtime'):
            self.write(f'{name}.py', f'NAME = "mine {name}"')
        code = 'import bootstrap, runtime\ndef handler(event, context): return [bootstrap.NAME, runtime.NAME]'
        self.assertEqual(self.results(self.code(code, 1)), [['mine bootstrap', 'mine runtime']])

    def test_path(self):
        code = 'import sys\ndef handler(event, context): return sys.path'
        path, = self.results(self.code(code, 1))
        lib = 'python{}.{}'.format(*self.version)
        self.assertEqual(path[:3], [str(self.folder), f'/opt/python/lib/{lib}/site-packages', '/opt/python'])
        self.assertEqual(path[-1], str(RUNTIMES / 'python'))
        self.assertFalse([entry for entry in path[3:] if 'packages' in entry])

    def test_system_packages_are_shown_where_asked(self):
        code = 'import os, sys\ndef handler(event, context): return [sys.path, "KELVIN_SYSTEM_PACKAGES" in os.environ]'
        (path, is_set), = self.results(self.code(code, 1, environment={'KELVIN_SYSTEM_PACKAGES': '1'}))
        self.assertTrue([entry for entry in path[3:] if 'packages' in entry], path)
        self.assertFalse(is_set)

    def test_logging(self):
        code = '''
import logging
logging.getLogger().setLevel(logging.INFO)
logging.info("in init")
def handler(event, context):
    print("printed")
    logging.info("ünfo %s", event)
    logging.getLogger("other").error("worse")
'''
        served = self.code(code, 1)
        self.assertRegex(served.log, f'^\\[INFO\\]\t{INSTANT}\t\tin init\nprinted\n\\[INFO\\]\t{INSTANT}\t{ID}\tünfo 1\n'
                         f'\\[ERROR\\]\t{INSTANT}\t{ID}\tworse\n$')

    def test_nothing_is_imported_that_was_not_asked_for(self):
        code = 'import sys\nloaded = set(sys.modules)\ndef handler(event, context): return sorted(loaded)'
        loaded, = self.results(self.code(code, 1))
        self.assertFalse({'json', 'logging', 'os', 're', 'site', 'socket', 'traceback', 'enum'} & set(loaded), loaded)

    def test_output_comes_in_order(self):
        code = 'import sys\ndef handler(event, context):\n    for i in range(3):\n        print(i)\n        print("e", i, file=sys.stderr)\n    print("end", end="")'
        self.assertEqual(self.code(code, 1).log.replace('end', ''), '0\ne 0\n1\ne 1\n2\ne 2\n')

    def test_exit_ends_the_process(self):
        for code, status in (('exit(3)', 3), ('quit()', 0), ('import os; os._exit(4)', 4), ('raise SystemExit(5)', 5)):
            served = self.code(f'def handler(event, context): {code}', 1)
            self.assertEqual((served.status, served.answers), (status, []))

    def test_mark_stands_before_init(self):
        code = 'import time\nbegin = time.monotonic_ns()\ndef handler(event, context): return begin'
        served = self.code(code, 1)
        begin, = self.results(served)
        self.assertTrue(served.started_ns < served.mark_ns <= begin)

    def test_mark_is_not_needed(self):
        served = self.code('def handler(event, context): return 1', 1, marks=False)
        self.assertEqual((self.results(served), served.mark_ns), ([1], None))


class Node(Case):
    def code(self, text, *events, **options):
        self.write('index.js', text)
        return self.serve('index.handler', *events, **options)

    def test_results_are_what_the_handler_returned(self):
        values = [None, False, 0, '', [], {}, {'a': [1, 2.5, 'ü', None, True]}, 'x' * 100000]
        self.assertEqual(self.results(self.code('exports.handler = async (event) => event', *values)), values)

    def test_nothing_returned_is_null(self):
        self.assertEqual(self.results(self.code('exports.handler = async () => {}', 1)), [None])

    def test_large_events_and_results(self):
        event = 'ü' * (1 << 20)
        self.assertEqual(self.results(self.code('exports.handler = async (event) => event', event)), [event])

    def test_a_refused_large_result_leaves_the_runtime_at_work(self):
        served = self.code('exports.handler = async () => 1', 1, 2, response_status='413 Request Entity Too Large')
        self.assertEqual(len(served.answers), 2)
        self.assertIsNone(served.status)

    def test_callback(self):
        self.assertEqual(self.results(self.code('exports.handler = (event, context, done) => setTimeout(done, 5, null, event)', 1, 2)), [1, 2])

    def test_callback_waits_for_an_empty_event_loop(self):
        code = '''
let late = 0;
exports.handler = (event, context, done) => { setTimeout(() => late++, 20); done(null, { get late() { return late; } }); };
'''
        self.assertEqual(self.results(self.code(code, 1, 2)), [{'late': 1}, {'late': 2}])

    def test_callback_does_not_wait_where_told(self):
        code = '''
exports.handler = (event, context, done) => {
  context.callbackWaitsForEmptyEventLoop = false;
  setInterval(() => {}, 1000);
  done(null, event);
};
'''
        self.assertEqual(self.results(self.code(code, 1, 2)), [1, 2])

    def test_callback_error(self):
        served = self.code('exports.handler = (event, context, done) => done(new RangeError("boom"))', 1)
        self.assertEqual(self.handler_error(served, 'RangeError')['errorMessage'], 'boom')

    def test_the_first_outcome_counts(self):
        code = 'exports.handler = (event, context, done) => { context.succeed(1); context.fail(new Error("x")); done(null, 3); }'
        self.assertEqual(self.results(self.code(code, 1)), [1])

    def test_done_and_fail(self):
        self.assertEqual(self.results(self.code('exports.handler = (event, context) => context.done(null, event)', 1)), [1])
        served = self.code('exports.handler = (event, context) => context.fail("boom")', 1)
        self.assertEqual(self.handler_error(served, 'string')['errorMessage'], 'boom')

    def test_a_value_that_is_no_promise_is_ignored(self):
        self.assertEqual(self.results(self.code('exports.handler = (event) => event', 1)), [None])

    def test_a_promise_that_never_settles(self):
        served = self.code('exports.handler = () => new Promise(() => {})', 1)
        self.handler_error(served, 'Runtime.NodeJsExit')

    def test_context(self):
        code = '''
exports.handler = async (event, context) => [context.awsRequestId, context.functionName, context.functionVersion,
  context.invokedFunctionArn, context.memoryLimitInMB, context.logGroupName, context.logStreamName, context.identity,
  context.clientContext, context.callbackWaitsForEmptyEventLoop,
  context.getRemainingTimeInMillis() > 0 && context.getRemainingTimeInMillis() <= 3000, process.env._X_AMZN_TRACE_ID];
'''
        arn = 'arn:aws:lambda:us-east-1:000000000000:function:hello'
        first, second = self.results(self.code(code, 1, 2))
        self.assertEqual(first, [ID, 'hello', '$LATEST', arn, '128', '/aws/lambda/hello', '2026/01/01/[$LATEST]0', None, None, True,
                                 True, 'Root=1-00000001-000000000000000000000000'])
        self.assertEqual((second[0], second[-1]), (fake_runtime_api.request_id(2), 'Root=1-00000002-000000000000000000000000'))

    def test_client_context_and_identity(self):
        fields = {'Lambda-Runtime-Client-Context': '{"custom": {"a": "ü"}}',
                  'Lambda-Runtime-Cognito-Identity': '{"cognitoIdentityId": "i"}'}
        code = 'exports.handler = async (event, context) => [context.clientContext.custom, context.identity.cognitoIdentityId]'
        self.assertEqual(self.results(self.code(code, 1, fields=fields)), [[{'a': 'ü'}, 'i']])

    def test_handler_error(self):
        for code in ('async () => { throw new TypeError("böom"); }', '() => { throw new TypeError("böom"); }'):
            served = self.code(f'exports.handler = {code};', 1)
            document = self.handler_error(served, 'TypeError')
            self.assertEqual(document['errorMessage'], 'böom')
            self.assertEqual(document['trace'][0], 'TypeError: böom')
            self.assertIn(f'{self.folder}/index.js:1:', document['trace'][1])
            logged = re.fullmatch(f'{INSTANT}\t{ID}\tERROR\tInvoke Error \t(.*)\n', served.log)
            self.assertEqual(json.loads(logged[1]), {'errorType': 'TypeError', 'errorMessage': 'böom', 'stack': document['trace']})

    def test_thrown_values_that_are_no_errors(self):
        served = self.code('exports.handler = async () => { throw "boom"; }', 1)
        self.assertEqual(self.handler_error(served, 'string'), {'errorType': 'string', 'errorMessage': 'boom', 'trace': []})
        self.handler_error(self.code('exports.handler = async () => { throw undefined; }', 1), 'Error')

    def test_what_cannot_be_json(self):
        served = self.code('exports.handler = async () => { const a = {}; a.a = a; return a; }', 1)
        self.assertIn('circular', self.handler_error(served, 'Runtime.MarshalError')['errorMessage'])

    def test_unhandled_rejection(self):
        code = 'exports.handler = async () => { Promise.reject(new Error("boom")); await new Promise((done) => setTimeout(done, 1000)); }'
        served = self.code(code, 1)
        self.assertEqual(served.status, 128)
        document = self.error(served, f'invocation/{ID}/error', 'Runtime.UnhandledPromiseRejection')
        self.assertEqual(document['errorMessage'], 'Error: boom')

    def test_uncaught_exception(self):
        code = 'exports.handler = () => new Promise(() => setTimeout(() => { throw new Error("late"); }, 1))'
        served = self.code(code, 1)
        self.assertEqual(served.status, 129)
        self.assertEqual(self.error(served, f'invocation/{ID}/error', 'Error')['errorMessage'], 'late')

    def test_missing_module(self):
        document = self.init_error(self.code('require("surely-absent")'), 'Runtime.ImportModuleError')
        self.assertTrue(document['errorMessage'].startswith("Error: Cannot find module 'surely-absent'\nRequire stack:\n"), document)
        self.init_error(self.serve('nowhere.handler'), 'Runtime.ImportModuleError')

    def test_a_required_module_that_is_not_installed(self):
        for kind, load in (('commonjs', 'require("@scope/absent/part")'), ('module', 'import "@scope/absent/part"')):
            self.write('package.json', json.dumps({'type': kind, 'dependencies': {'@scope/absent': '1'}}))
            message = self.init_error(self.code(load), 'Runtime.ImportModuleError')['errorMessage']
            self.assertIn('npm install', message)

    def test_missing_handler(self):
        message = self.init_error(self.code(''), 'Runtime.HandlerNotFound')['errorMessage']
        self.assertEqual(message, 'index.handler is undefined or not exported')
        message = self.init_error(self.code('exports.handler = 3'), 'Runtime.HandlerNotFound')['errorMessage']
        self.assertEqual(message, 'index.handler is not a function')

    def test_malformed_handler(self):
        for name in ('index', '../index.handler'):
            self.init_error(self.serve(name), 'Runtime.MalformedHandlerName')

    def test_syntax_error(self):
        document = self.init_error(self.code('exports.handler = async () => {'), 'Runtime.UserCodeSyntaxError')
        self.assertEqual(document['errorMessage'], 'SyntaxError: Unexpected end of input')
        self.assertIn(f'{self.folder}/index.js:', document['trace'][0])

    def test_error_in_init(self):
        served = self.code('throw new RangeError("early")')
        self.assertEqual(self.init_error(served, 'RangeError')['errorMessage'], 'early')
        self.assertRegex(served.log, f'^{INSTANT}\tundefined\tERROR\tUncaught Exception \t{{"errorType":"RangeError"')

    def test_modules_of_both_kinds(self):
        commonjs, module = 'exports.handler = async () => typeof require', 'export const handler = async () => typeof require'
        for name, code, kind in (('a.js', commonjs, None), ('b.js', commonjs, 'commonjs'), ('c.js', module, 'module'),
                                 ('d.mjs', module, None), ('e.cjs', commonjs, 'module'), ('f.mjs', module, 'commonjs')):
            stem = name.split('.')[0]
            if kind:
                self.write(f'{stem}/package.json', json.dumps({'type': kind}))
            self.write(f'{stem}/{name}', code)
            expected = 'function' if code == commonjs else 'undefined'
            self.assertEqual(self.results(self.serve(f'{stem}/{stem}.handler', 1)), [expected], name)

    def test_a_module_waits_for_its_top_level(self):
        self.write('index.mjs', 'const a = await new Promise((done) => setTimeout(done, 5, 7)); export const handler = async () => a;')
        self.assertEqual(self.results(self.serve('index.handler', 1)), [7])

    def test_handler_within_an_object(self):
        self.write('index.js', 'exports.a = { b: { handler: async () => 1 } };')
        self.assertEqual(self.results(self.serve('index.a.b.handler', 1)), [1])

    def test_console(self):
        code = '''
console.log('in init');
exports.handler = async () => { console.log('ü %d', 1, { a: 1 }); console.error('e'); console.warn('w'); console.debug('d'); };
'''
        self.assertRegex(self.code(code, 1).log, f'^{INSTANT}\tundefined\tINFO\tin init\n{INSTANT}\t{ID}\tINFO\tü 1 {{ a: 1 }}\n'
                         f'{INSTANT}\t{ID}\tERROR\te\n{INSTANT}\t{ID}\tWARN\tw\n{INSTANT}\t{ID}\tDEBUG\td\n$')

    def test_exit_ends_the_process(self):
        served = self.code('exports.handler = async () => process.exit(3)', 1)
        self.assertEqual((served.status, served.answers), (3, []))

    def test_mark_stands_before_init(self):
        code = 'const begin = process.hrtime.bigint(); exports.handler = async () => String(begin)'
        served = self.code(code, 1)
        begin, = self.results(served)
        self.assertTrue(served.started_ns < served.mark_ns <= int(begin))

    def test_mark_is_not_needed(self):
        served = self.code('exports.handler = async () => 1', 1, marks=False)
        self.assertEqual((self.results(served), served.mark_ns), ([1], None))


def version_of(program, *question):
    """None where it doesn't run."""
    try:
        return subprocess.run([program, *question], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60, check=True).stdout.decode().strip()
    except (OSError, subprocess.SubprocessError):
        return None


def find_pythons():
    """One of each version that bootstraps are for."""
    question = ('-I', '-S', '-c', 'import sys; print(*sys.version_info[:2])')
    names = [f'/usr/bin/python3.{minor}' for minor in range(8, 20)]
    names += sorted(glob.glob(os.path.expanduser('~/.pyenv/versions/3.*/bin/python3')))
    names += filter(None, (shutil.which(f'python3.{minor}') for minor in range(8, 20)))
    found = {}
    for name in names:
        text = version_of(name, *question) if os.path.exists(name) else None
        version = tuple(map(int, text.split())) if text else (0, 0)
        if version >= (3, 8):
            found.setdefault(version, os.path.realpath(name))
    return found


def make_cases():
    """A class for each interpreter, so that each case says which one it ran on."""
    cases = {}
    for version, program in sorted(find_pythons().items()):
        name = 'Python{}_{}'.format(*version)
        argv = [program, '-S', str(RUNTIMES / 'python/bootstrap.py')]
        cases[name] = type(name, (Python,), {'argv': argv, 'version': version})
    node = shutil.which('node')
    version = version_of(node, '--version') if node else None
    if version:
        name = 'Node' + version.lstrip('v').split('.')[0]
        cases[name] = type(name, (Node,), {'argv': [os.path.realpath(node), str(RUNTIMES / 'node/bootstrap.cjs')]})
    return cases


globals().update(make_cases())
del Python, Node, Case


class Interpreters(unittest.TestCase):
    def test_there_are_some_to_test_with(self):
        self.assertTrue(any(name.startswith('Python3') for name in globals()))
        if not any(name.startswith('Node') for name in globals()):
            self.skipTest('node is not there')


if __name__ == '__main__':
    tap.main()
