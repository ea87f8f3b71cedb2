#!/usr/bin/python3
"""Bad input and bad luck: a clear message, nothing lost."""

import json
import os
import subprocess
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

HELLO = kelvin.EXAMPLES / 'hello-python'
ONE = 'def handler(event, context):\n    return 1\n'


class Configuration(kelvin.Case):
    """function.json: exit 2, and a message that names the file and what would be right."""

    def check(self, text, *words):
        folder = self.folder / 'f'
        self.write(folder / 'app.py', ONE)
        if text is not None:
            self.write(folder / 'function.json', text)
        return self.expect(self.kelvin('invoke', folder, '--json'), 2, *words)

    def test_no_folder(self):
        self.expect(self.kelvin('invoke', self.folder / 'nowhere'), 2, 'nowhere')

    def test_no_function_json(self):
        self.check(None, 'function.json')

    def test_malformed_json_is_named_with_line_and_column(self):
        outcome = self.check('{\n  "Runtime": "python3.11",\n  "Handler" "app.handler"\n}\n', 'function.json')
        self.assertRegex(outcome.err, r'function\.json:3:\d+|line 3,? column \d+')

    def test_an_empty_file(self):
        self.check('', 'function.json')

    def test_deeply_nested_json(self):
        self.check('{"Tags": ' + '[' * 200_000 + ']' * 200_000 + '}', 'function.json')

    def test_a_value_out_of_range(self):
        self.check('{"Runtime": "python3.11", "Handler": "app.handler", "MemorySize": 64}', 'function.json', 'MemorySize', '64', '128', '10240')

    def test_a_value_of_the_wrong_type(self):
        self.check('{"Runtime": "python3.11", "Handler": "app.handler", "Timeout": "long"}', 'function.json', 'Timeout', '900')

    def test_an_unknown_runtime(self):
        self.check('{"Runtime": "cobol85", "Handler": "app.handler"}', 'function.json', 'cobol85', 'python3', 'nodejs', 'provided')

    def test_an_unknown_field_is_warned_about_and_kept(self):
        folder = self.python(ONE, MemorySise=256)
        outcome = self.expect(self.kelvin('invoke', folder), 0, 'MemorySise', 'MemorySize')
        self.assertEqual(outcome.out.strip(), '1')
        self.assertIn('MemorySise', (folder / 'function.json').read_text(encoding='utf-8'))


class Event(kelvin.Case):
    """The event: exit 2 before anything is started."""

    def test_not_json(self):
        self.write(self.folder / 'event.json', '{"a": nope}')
        self.expect(self.kelvin('invoke', HELLO, '--event', self.folder / 'event.json'), 2, 'event.json')
        self.expect(self.kelvin('invoke', HELLO, '--event-json', '{"a": nope}'), 2, '--event-json')

    def test_no_file(self):
        self.expect(self.kelvin('invoke', HELLO, '--event', self.folder / 'nothing.json'), 2, 'nothing.json')

    def test_over_six_megabytes(self):
        event = json.dumps('x' * (6 * 1024 * 1024)).encode()
        self.expect(self.kelvin('invoke', HELLO, '--event', '-', stdin=event), 2, '6')

    def test_200000_nested_brackets(self):
        self.expect(self.kelvin('invoke', HELLO, '--event', '-', stdin=b'[' * 200_000 + b']' * 200_000), 2, 'nest')

    def test_not_utf8(self):
        self.expect(self.kelvin('invoke', HELLO, '--event', '-', stdin=b'{"a": "\xff\xfe"}'), 2)


class Code(kelvin.Case):
    """The function's own code: exit 1 and the service's error."""

    def check(self, folder, error_type, *words):
        outcome = self.kelvin('invoke', folder, '--json')
        self.assertEqual(outcome.status, 1, str(outcome))
        document = outcome.json()
        self.assertEqual(document['functionError'], 'Unhandled')
        self.assertEqual(document['payload']['errorType'], error_type, str(outcome))
        for word in words:
            self.assertIn(word, document['payload']['errorMessage'])
        return outcome

    def test_a_handler_that_does_not_exist(self):
        self.check(self.python(ONE, handler='app.missing'), 'Runtime.HandlerNotFound', "'missing'", "'app'")
        self.check(self.node('export const other = 1;', name='n'), 'Runtime.HandlerNotFound', 'index.handler')

    def test_a_module_that_does_not_exist(self):
        self.check(self.python(ONE, handler='nowhere.handler'), 'Runtime.ImportModuleError', 'nowhere')

    def test_a_handler_without_a_dot(self):
        self.check(self.python(ONE, handler='handler'), 'Runtime.MalformedHandlerName', "Bad handler 'handler'")

    def test_code_that_does_not_import(self):
        self.check(self.python('import no_such_module_at_all\n' + ONE), 'Runtime.ImportModuleError', 'no_such_module_at_all')
        self.check(self.node('import "no-such-module-at-all";', name='n'), 'Runtime.ImportModuleError', 'no-such-module-at-all')

    def test_code_that_raises_while_imported(self):
        self.check(self.python('raise ValueError("early")\n'), 'ValueError', 'early')

    def test_a_syntax_error(self):
        self.check(self.python('def handler(event, context)\n    return 1\n'), 'Runtime.UserCodeSyntaxError', 'app.py, line 1')
        self.check(self.node('export const handler = async () => {', name='n'), 'Runtime.UserCodeSyntaxError', 'SyntaxError')

    def test_a_missing_requirement_is_named_with_its_installation(self):
        folder = self.function('f', files={'app.py': 'import requests_of_nobody\n' + ONE, 'requirements.txt': 'requests-of-nobody==1.0\n'})
        outcome = self.check(folder, 'Runtime.ImportModuleError')
        for word in ('requirements.txt', 'of_nobody', 'pip install'):
            self.assertIn(word, outcome.err + outcome.json()['log'], str(outcome))

    def test_a_missing_node_module_is_named_with_its_installation(self):
        folder = self.function('f', 'nodejs20.x', 'index.handler',
                               {'index.mjs': 'import "left-pad-of-nobody";\nexport const handler = async () => 1;\n',
                                'package.json': '{"dependencies": {"left-pad-of-nobody": "1.0.0"}}'})
        outcome = self.check(folder, 'Runtime.ImportModuleError')
        for word in ('package.json', 'left-pad-of-nobody', 'npm install'):
            self.assertIn(word, outcome.err + outcome.json()['log'], str(outcome))

    def test_the_machines_own_packages_are_hidden(self):
        folder = self.python('try:\n    import PIL\n    FOUND = True\nexcept ImportError:\n    FOUND = False\n'
                             'def handler(event, context):\n    return FOUND\n')
        self.assertIs(self.invoke(folder)['payload'], False)

    def test_a_handler_that_ends_the_process(self):
        self.check(self.python('import os\ndef handler(event, context):\n    os._exit(3)\n'), 'Runtime.ExitError', 'exit status 3')
        self.check(self.python('import os\ndef handler(event, context):\n    os._exit(0)\n', name='g'), 'Runtime.ExitError', 'without providing a reason')
        self.check(self.python('import os\ndef handler(event, context):\n    os.kill(os.getpid(), 9)\n', name='h'), 'Runtime.ExitError', 'signal: killed')

    def test_a_response_over_six_megabytes(self):
        outcome = self.kelvin('invoke', self.python('def handler(event, context):\n    return "x" * (7 << 20)\n'), '--json')
        self.assertEqual(outcome.status, 1, str(outcome))
        self.assertEqual(outcome.json()['payload']['errorType'], 'Function.ResponseSizeTooLarge')

    def test_100_mb_of_log_are_bounded_and_the_loss_is_told(self):
        code = ('def handler(event, context):\n    print("first line")\n    for number in range(100):\n        print("x" * 1023 + "\\n", end="")\n'
                '        print(("y" * 1023 + "\\n") * 1023, end="")\n    print("last line")\n    return 1\n')
        document = self.invoke(self.python(code, Timeout=60))
        self.assertEqual(document['payload'], 1)
        self.assertLessEqual(len(document['log'].encode()), 70_000)
        self.assertIn('last line', document['log'])

    def test_binary_output_is_kept_as_text(self):
        code = ('import os\ndef handler(event, context):\n    os.write(1, bytes(range(256)) + b"\\n")\n    os.write(2, b"\\xff\\xfe\\n")\n'
                '    os.write(1, b"after\\n")\n    return 1\n')
        document = self.invoke(self.python(code))
        self.assertEqual(document['payload'], 1)
        self.assertIn('after', document['log'])

    def test_a_line_without_an_end_is_kept(self):
        document = self.invoke(self.python('import os\ndef handler(event, context):\n    os.write(1, b"no end")\n    return 1\n'))
        self.assertIn('no end', document['log'])


class Bootstrap(kelvin.Case):
    def check(self, folder, error_type, *words):
        document = self.invoke(folder, status=1)
        self.assertEqual(document['payload']['errorType'], error_type, document)
        for word in words:
            self.assertIn(word, document['payload']['errorMessage'])

    def test_that_is_not_there(self):
        self.check(self.function('f', 'provided.al2023', 'handler'), 'Runtime.InvalidEntrypoint', 'bootstrap')

    def test_that_is_not_executable(self):
        folder = self.bootstrap('#!/bin/bash\n')
        (folder / 'bootstrap').chmod(0o644)
        self.check(folder, 'Runtime.InvalidEntrypoint', 'permission denied')

    def test_that_is_no_program(self):
        self.check(self.bootstrap(b'\x00\x01\x02 not a program'), 'Runtime.InvalidEntrypoint', 'exec format error')

    def test_that_exits_at_once(self):
        self.check(self.bootstrap('#!/bin/bash\nexit 7\n'), 'Runtime.ExitError', 'exit status 7')

    def test_that_exits_with_0(self):
        self.check(self.bootstrap('#!/bin/bash\nexit 0\n'), 'Runtime.ExitError', 'without providing a reason')

    def test_that_never_asks_for_an_event(self):
        self.check(self.bootstrap('#!/bin/bash\nsleep 60\n', Timeout=1), 'Sandbox.Timedout', 'timed out')


class Machine(kelvin.Case):
    """What isn't the function's fault: exit 3, and what to do."""

    def test_a_data_folder_that_cannot_be_written(self):
        self.data.mkdir(mode=0o555)
        outcome = self.run_argv(kelvin.as_ordinary_user(self.argv('invoke', HELLO, '--json')))
        self.expect(outcome, 3, str(self.data))

    def test_a_data_folder_that_is_a_file(self):
        self.data.write_text('mine', encoding='utf-8')
        self.expect(self.kelvin('invoke', HELLO), 3, str(self.data))
        self.assertEqual(self.data.read_text(encoding='utf-8'), 'mine')

    def test_a_full_disk(self):
        self.data.mkdir()
        argv = ['sh', '-c', 'head -c 1m /dev/zero > "$0"/filler 2>/dev/null; exec "$@"', str(self.data), *self.argv('invoke', HELLO, '--json')]
        self.expect(self.run_argv(kelvin.on_small_disk(self.data, '128k', argv)), 3)

    def test_a_damaged_database_is_left_as_it_is(self):
        self.expect(self.kelvin('invoke', HELLO), 0)
        database = self.data / 'history.db'
        for path in self.data.glob('history.db-*'):
            path.unlink()
        for damage in (b'this is no database at all\n' * 400, b'\x00' * 8192):
            database.write_bytes(damage)
            self.expect(self.kelvin('invoke', HELLO, '--json'), 3, 'history.db')
            self.assertEqual(database.read_bytes(), damage)

    def test_a_damaged_page_of_the_database(self):
        for _ in range(3):
            self.expect(self.kelvin('invoke', HELLO), 0)
        database = self.data / 'history.db'
        content = bytearray(database.read_bytes())
        content[4096:] = b'\xa5' * (len(content) - 4096)
        database.write_bytes(content)
        self.expect(self.kelvin('history', 'list', '--json'), 3, 'history.db')

    def test_a_database_of_a_newer_kelvin(self):
        self.expect(self.kelvin('invoke', HELLO), 0)
        database = self.data / 'history.db'
        subprocess.run(['/usr/bin/python3', '-c', 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]);'
                        ' c.execute("PRAGMA user_version = 4000000"); c.commit()', str(database)], check=True)
        self.expect(self.kelvin('history', 'list', '--json'), 3, 'newer')

    def test_user_namespaces_not_allowed(self):
        outcome = self.run_argv(kelvin.without_user_namespaces(self.argv('invoke', HELLO, '--json')))
        self.expect(outcome, 3, 'namespace')

    def test_standard_output_that_cannot_be_written(self):
        with open('/dev/full', 'w', encoding='utf-8') as full:
            done = subprocess.run(self.argv('invoke', HELLO, '--json'), stdout=full, stderr=subprocess.PIPE, check=False,
                                  env=self.environment(), timeout=60)
        self.assertEqual(done.returncode, 3, done.stderr)

    def test_a_code_folder_removed_while_running(self):
        folder = self.python('import time\ndef handler(event, context):\n    print("started", flush=True)\n    time.sleep(2)\n    return "ended well"\n', Timeout=10)
        process = self.start('invoke', folder, '--json')
        self.assertTrue(kelvin.wait_until(lambda: len(kelvin.descendants(process.pid)) >= 4, 10))
        for path in folder.iterdir():
            path.unlink()
        os.rmdir(folder)
        out, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, err)
        self.assertEqual(json.loads(out)['payload'], 'ended well')


class Together(kelvin.Case):
    def test_several_kelvins_share_one_data_folder(self):
        processes = [self.start('invoke', HELLO, '--json') for _ in range(6)]
        for process in processes:
            out, err = process.communicate(timeout=120)
            self.assertEqual(process.returncode, 0, err)
            self.assertEqual(json.loads(out)['payload'], {'message': 'Hello, world'})
        runs = self.runs()
        self.assertEqual(len(runs), 6)
        self.assertEqual({run['status'] for run in runs}, {'ok'})


if __name__ == '__main__':
    tap.main()
