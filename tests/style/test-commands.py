#!/usr/bin/python3
"""What the commands of build-aux rest on: naming what is missing, and counting test cases."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'tap'))

import tap  # noqa: E402

BUILD_AUX = HERE.parents[1] / 'build-aux'
# What install-missing itself calls; no package manager is among it.
TOOLS = ('bash', 'cat', 'dirname', 'env', 'id', 'sort', 'tr')


class InstallMissing(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='kelvin-test-'))
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copy(BUILD_AUX / 'install-missing', self.folder)
        for tool in TOOLS:
            (self.folder / tool).symlink_to(shutil.which(tool))

    def run_with(self, *needs):
        (self.folder / 'packages').write_text('# comment\n' + ''.join(f'{need}\n' for need in needs), encoding='utf-8')
        return subprocess.run([self.folder / 'install-missing', 'build'], env={'PATH': str(self.folder)}, capture_output=True,
                              text=True, check=False)

    def test_names_packages_of_three_distributions_and_stops(self):
        outcome = self.run_with('build program:no-such-program deb-name rpm-name arch-name')
        self.assertEqual(outcome.returncode, 1)
        self.assertEqual(outcome.stdout, '')
        for words in ('no-such-program', 'apt install deb-name', 'dnf install rpm-name', 'pacman -S arch-name'):
            self.assertIn(words, outcome.stderr)

    def test_says_nothing_where_all_is_there(self):
        outcome = self.run_with('build program:bash bash bash bash', 'build file:/usr/include/none*,/etc/pass* a b c')
        self.assertEqual((outcome.returncode, outcome.stdout, outcome.stderr), (0, '', ''))

    def test_leaves_other_groups_alone(self):
        self.assertEqual(self.run_with('test program:no-such-program a b c').returncode, 0)

    def test_an_unknown_check_is_named(self):
        outcome = self.run_with('build nonsense:thing a b c')
        self.assertEqual(outcome.returncode, 1)
        self.assertIn('nonsense:thing', outcome.stderr)

    def test_every_need_of_the_project_is_whole(self):
        for line in (BUILD_AUX / 'packages').read_text(encoding='utf-8').splitlines():
            if line and not line.startswith('#'):
                group, check, *packages = line.split()
                self.assertIn(group, ('build', 'test', 'shots', 'bench'), line)
                self.assertIn(check.partition(':')[0], ('program', 'library', 'python', 'typelib', 'font', 'file', 'links'), line)
                self.assertEqual(len(packages), 3, line)


class CountTests(unittest.TestCase):
    def count(self, *programs):
        with tempfile.NamedTemporaryFile('w', suffix='.json') as log:
            for result, stdout in programs:
                log.write(json.dumps({'name': 'x', 'result': result, 'stdout': stdout, 'command': ['x']}) + '\n')
            log.flush()
            done = subprocess.run(['/usr/bin/python3', BUILD_AUX / 'count-tests', log.name], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()[-1]

    def test_each_case_counts(self):
        self.assertEqual(self.count(('OK', '1..3\nok 1 /a\nok 2 /b\nok 3 /c # SKIP no display\n'), ('OK', 'no TAP')),
                         (0, '3 passed, 0 failed, 1 skipped'))

    def test_a_case_that_fails_fails_all(self):
        self.assertEqual(self.count(('ERROR', '1..2\nok 1 /a\nnot ok 2 /b\n')), (1, '1 passed, 1 failed'))

    def test_a_program_that_crashes_fails_beside_its_cases(self):
        self.assertEqual(self.count(('ERROR', '1..2\nok 1 /a\n')), (1, '1 passed, 1 failed'))
        self.assertEqual(self.count(('TIMEOUT', '')), (1, '0 passed, 1 failed'))

    def test_no_test_at_all_is_a_failure(self):
        self.assertEqual(self.count(), (1, '0 passed, 0 failed'))
        self.assertEqual(self.count(('SKIP', '1..0 # SKIP nothing here\n')), (1, '0 passed, 0 failed, 1 skipped'))

    def test_a_missing_log_is_a_failure(self):
        done = subprocess.run(['/usr/bin/python3', BUILD_AUX / 'count-tests', '/nowhere.json'], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (1, '0 passed, 1 failed'))


if __name__ == '__main__':
    tap.main()
