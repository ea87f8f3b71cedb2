#!/usr/bin/python3
"""What holds for every command: usage, exit statuses, where answers and messages go."""

import pathlib
import shlex
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

COMMANDS = ('new', 'invoke', 'profile', 'serve', 'history', 'doctor')


class CommandLine(kelvin.Case):
    def test_version_prints_the_version_alone(self):
        outcome = self.run_argv([kelvin.PROGRAM, '--version'])
        self.assertEqual(outcome.status, 0, str(outcome))
        self.assertRegex(outcome.out, r'\A\d+\.\d+\.\d+\n\Z')

    def test_help_names_every_command(self):
        outcome = self.run_argv([kelvin.PROGRAM, '--help'])
        self.assertEqual(outcome.status, 0, str(outcome))
        for command in COMMANDS:
            self.assertIn(command, outcome.out)

    def test_help_of_a_command_names_its_options(self):
        for command in ('new', 'invoke', 'profile', 'serve', 'history list', 'history show', 'doctor'):
            outcome = self.run_argv([kelvin.PROGRAM, *command.split(), '--help'])
            self.assertEqual(outcome.status, 0, str(outcome))
            for option in ('--json', '--data-dir'):
                self.assertIn(option, outcome.out, f'{command}: {outcome}')

    def test_what_is_not_built_is_not_offered(self):
        outcome = self.run_argv([kelvin.PROGRAM, '--help'])
        for command in ('kelvin load', 'kelvin tune', 'kelvin drill', 'kelvin compare'):
            self.assertNotIn(command, outcome.out)

    def test_a_word_that_is_neither_command_nor_folder_is_wrong_usage(self):
        self.expect(self.run_argv([kelvin.PROGRAM, 'inwoke']), 2, 'inwoke')

    def test_an_unknown_option_is_wrong_usage(self):
        self.expect(self.kelvin('invoke', kelvin.EXAMPLES / 'hello-python', '--nonsense'), 2, '--nonsense')

    def test_a_missing_operand_is_wrong_usage(self):
        for command in ('invoke', 'profile', 'new'):
            self.expect(self.kelvin(command), 2)

    def test_an_option_that_needs_a_number_refuses_words(self):
        self.expect(self.kelvin('profile', kelvin.EXAMPLES / 'hello-python', '--cold', 'many'), 2, '--cold')
        self.expect(self.kelvin('profile', kelvin.EXAMPLES / 'hello-python', '--cold', '-3'), 2, '--cold')

    def test_options_stand_before_or_after_operands(self):
        hello = kelvin.EXAMPLES / 'hello-python'
        before = self.expect(self.kelvin('invoke', '--json', hello), 0).json()
        after = self.expect(self.kelvin('invoke', hello, '--json'), 0).json()
        self.assertEqual(before['payload'], after['payload'])

    def test_the_qualifier_is_the_folder_as_it_is(self):
        hello = kelvin.EXAMPLES / 'hello-python'
        self.expect(self.kelvin('invoke', hello, '--qualifier', '$LATEST'), 0)
        self.expect(self.kelvin('invoke', hello, '--qualifier', 'live'), 2, 'live', '$LATEST')

    def test_the_data_folder_comes_from_option_variable_or_home(self):
        hello = str(kelvin.EXAMPLES / 'hello-python')
        by_home = self.run_argv([kelvin.PROGRAM, 'invoke', hello])
        self.assertEqual(by_home.status, 0, str(by_home))
        self.assertTrue((self.folder / 'share/kelvin/history.db').exists())
        by_variable = self.run_argv([kelvin.PROGRAM, 'invoke', hello],
                                    env=self.environment(KELVIN_DATA_DIR=str(self.folder / 'variable')))
        self.assertEqual(by_variable.status, 0, str(by_variable))
        self.assertTrue((self.folder / 'variable/history.db').exists())
        self.run_argv(self.argv('invoke', hello), env=self.environment(KELVIN_DATA_DIR=str(self.folder / 'other')))
        self.assertTrue((self.data / 'history.db').exists())
        self.assertFalse((self.folder / 'other').exists())

    def test_no_escape_sequences_reach_a_pipe(self):
        for command in (('doctor',), ('profile', kelvin.EXAMPLES / 'hello-python', '--cold', '2', '--warm', '2'),
                        ('history', 'list')):
            outcome = self.kelvin(*command)
            self.assertNotIn('\033', outcome.out + outcome.err)


class New(kelvin.Case):
    def check(self, runtime, *options):
        folder = self.folder / 'made'
        self.expect(self.kelvin('new', folder, '--runtime', runtime, *options), 0)
        document = self.invoke(folder, {'name': 'Ada'})
        self.assertEqual(document['payload'], {'message': 'Hello, Ada'})
        self.assertEqual(document['functionName'], 'made')
        return folder

    def test_a_python_function_runs_as_it_is(self):
        self.check('python3.11')

    def test_a_node_function_runs_as_it_is(self):
        self.check('nodejs20.x')

    def test_a_provided_function_in_shell_runs_as_it_is(self):
        self.check('provided.al2023')

    def test_a_provided_function_in_c_runs_as_it_is(self):
        self.check('provided.al2023', '--template', 'provided-c')

    def test_says_a_command_that_runs_it(self):
        made = self.expect(self.kelvin('new', self.folder / 'a function', '--runtime', 'python3.11'), 0)
        program, *words = shlex.split(made.out.splitlines()[1])
        self.assertEqual(program, 'kelvin')
        self.assertIn('Hello, Ada', self.expect(self.kelvin(*words), 0).out)

    def test_an_unknown_runtime_is_refused_with_what_there_is(self):
        self.expect(self.kelvin('new', self.folder / 'made', '--runtime', 'cobol85'), 2, 'cobol85', 'python3', 'nodejs')
        self.assertFalse((self.folder / 'made').exists())

    def test_an_unknown_template_is_refused_with_what_there_is(self):
        self.expect(self.kelvin('new', self.folder / 'made', '--runtime', 'python3.11', '--template', 'nonsense'), 2,
                    'nonsense')

    def test_a_folder_with_something_in_it_is_left_as_it_is(self):
        folder = self.folder / 'made'
        self.write(folder / 'mine.txt', 'mine')
        self.expect(self.kelvin('new', folder, '--runtime', 'python3.11'), 2, str(folder))
        self.assertEqual([path.name for path in folder.iterdir()], ['mine.txt'])


class Doctor(kelvin.Case):
    def test_says_what_is_enforced_and_which_runtimes_there_are(self):
        document = self.expect(self.kelvin('doctor', '--json'), 0).json()
        self.assertIs(document['ok'], True)
        self.assertIs(document['isolation']['userNamespaces'], True)
        self.assertIs(document['isolation']['seccomp'], True)
        for limit in ('memory', 'cpu', 'processes', 'ephemeralStorage', 'freeze'):
            self.assertIsInstance(document['limits'][limit], str)
        names = [runtime['name'] for runtime in document['runtimes']]
        self.assertTrue([name for name in names if name.startswith('python3.')], names)
        self.assertTrue([name for name in names if name.startswith('nodejs')], names)
        for runtime in document['runtimes']:
            self.assertTrue(pathlib.Path(runtime['path']).is_absolute())
            self.assertRegex(runtime['version'], r'^\d+\.\d+')
        self.assertIsInstance(document['problems'], list)

    def test_is_readable_without_json(self):
        outcome = self.expect(self.kelvin('doctor'), 0)
        self.assertIn('python3', outcome.out)

    def test_names_the_problem_where_user_namespaces_are_off(self):
        outcome = self.run_argv(kelvin.without_user_namespaces(self.argv('doctor', '--json')))
        self.assertEqual(outcome.status, 3, str(outcome))
        document = outcome.json()
        self.assertIs(document['ok'], False)
        self.assertTrue(document['problems'])
        for problem in document['problems']:
            self.assertTrue(problem['what'])
            self.assertTrue(problem['fix'])


if __name__ == '__main__':
    tap.main()
