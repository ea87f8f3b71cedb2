#!/usr/bin/python3
"""The tree keeps every rule of check_source.py, and every rule bites on its bad sample."""

import pathlib
import re
import shutil
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / 'tap')]

import check_source  # noqa: E402
import tap  # noqa: E402


DECIDING_FORMAT = 14


def rule_of(sample):
    """goto.c and goto-in-a-loop.c are both samples of the rule goto."""
    return max((rule for rule in check_source.RULES if sample.stem.startswith(rule)), key=len)


class Tree(unittest.TestCase):
    """A case a rule, added below."""

    def test_format(self):
        """Versions differ in what they make of one .clang-format; that of Debian 12 decides."""
        program = shutil.which('clang-format')
        version = subprocess.run([program, '--version'], capture_output=True, text=True, check=True).stdout if program else ''
        if f'version {DECIDING_FORMAT}.' not in version:
            self.skipTest(f'{tap.NOT_HERE}clang-format {DECIDING_FORMAT} is not there')
        paths = [str(path) for path in check_source.tree_sources()]
        outcome = subprocess.run([program, '--dry-run', '-Werror', *paths], capture_output=True, text=True,
                                 cwd=check_source.ROOT, check=False)
        wrong = sorted(set(re.findall(r'^(\S+?):\d+:\d+: error', outcome.stderr, re.MULTILINE)))
        self.assertEqual(outcome.returncode, 0, f'run clang-format -i {" ".join(wrong)}')


class BadSamples(unittest.TestCase):
    """A case a sample, added below."""

    def test_every_rule_has_a_sample(self):
        shown = {rule_of(sample) for sample in (HERE / 'bad').iterdir()}
        self.assertEqual(shown, set(check_source.RULES))


def case_of_rule(rule):
    def case(self):
        found = [text for path in check_source.tree_sources()
                 for text in check_source.complaints(check_source.Source(path), rule)]
        self.assertFalse(found, '\n'.join(found))
    return case


def case_of_sample(sample):
    def case(self):
        place = re.search(r'place: (\S+)', sample.read_text(encoding='utf-8'))[1]
        source = check_source.Source(sample, place)
        self.assertTrue(check_source.complaints(source, rule_of(sample)), f'{sample.name} passes')
    return case


for name in check_source.RULES:
    setattr(Tree, f'test_{name}', case_of_rule(name))
for path in sorted((HERE / 'bad').iterdir()):
    setattr(BadSamples, f'test_{path.stem}_is_refused', case_of_sample(path))

if __name__ == '__main__':
    tap.main()
