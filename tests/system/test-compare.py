#!/usr/bin/python3
"""Comparisons of profiles: verdicts, exit status, output for others, and what is refused."""

import json
import pathlib
import subprocess
import sys
import xml.etree.ElementTree

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402


def summary(samples):
    return {'samples': samples}


def profile(factor=1.0, n=60, **changes):
    """A profile document of made-up times: cold about 100 ms, 70 of them init, warm 10 ms."""
    spread = [0.97 + 0.06 * ((i * 37) % n) / n for i in range(n)]
    document = {
        'runId': 'made-up', 'functionName': 'hello', 'version': 'f' * 64, 'event': None, 'status': 'ok', 'isolation': 'namespaces',
        'cold': {'count': n, 'errors': 0, 'totalMs': summary([30 * s + 70 * s * factor for s in spread]),
                 'phases': {'runtimeMs': summary([20 * s for s in spread]), 'initMs': summary([70 * s * factor for s in spread])},
                 'memoryMB': summary([38.0] * n)},
        'warm': {'count': n, 'errors': 0, 'totalMs': summary([10 * s for s in spread]), 'phases': {}},
        'runtime': {'asked': 'python3.11', 'found': '3.11.2'}, 'limits': {'memory': 'cgroup-v1', 'cpu': 'cgroup-v1'},
    }
    document.update(changes)
    return document


class Compare(kelvin.Case):
    def write(self, name, document):
        path = self.folder / name
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return path

    def compare(self, a, b, *options):
        return self.kelvin('compare', self.write('a.json', a), self.write('b.json', b), *options)

    def metric(self, document, name):
        return next(metric for metric in document['metrics'] if metric['name'] == name)

    def test_equal_runs_are_the_same(self):
        document = self.expect(self.compare(profile(), profile(), '--json'), 0).json()
        for name in ('cold.totalMs', 'warm.totalMs', 'memory.peakMB'):
            self.assertEqual(self.metric(document, name)['verdict'], 'same')
            self.assertAlmostEqual(self.metric(document, name)['differencePercent'], 0, delta=0.01)

    def test_slower_exits_1_and_names_the_phase(self):
        document = self.expect(self.compare(profile(), profile(1.3), '--json'), 1).json()
        metric = self.metric(document, 'cold.totalMs')
        self.assertEqual(metric['verdict'], 'slower')
        self.assertAlmostEqual(metric['differencePercent'], 21, delta=1)
        self.assertTrue(metric['ci95Percent'][0] <= metric['differencePercent'] <= metric['ci95Percent'][1])
        self.assertLess(metric['p'], 0.001)
        self.assertEqual(document['coldCause']['phase'], 'init')

    def test_faster_exits_0(self):
        document = self.expect(self.compare(profile(1.3), profile(), '--json'), 0).json()
        self.assertEqual(self.metric(document, 'cold.totalMs')['verdict'], 'faster')

    def test_slower_within_the_threshold_is_said_and_passes(self):
        slower = profile(1.04)
        document = self.expect(self.compare(profile(), slower, '--json'), 0).json()
        self.assertEqual(self.metric(document, 'cold.totalMs')['verdict'], 'slower')
        self.expect(self.compare(profile(), slower, '--threshold', '1%'), 1)
        self.expect(self.compare(profile(), slower, '--threshold', '1%', '--gate', 'warm.totalMs'), 0)

    def test_an_import_that_is_gone_is_named(self):
        tree = [{'name': 'handler', 'selfMs': 9, 'cumulativeMs': 70}, {'name': 'xml.etree', 'selfMs': 5, 'cumulativeMs': 21},
                {'name': 'pyexpat', 'selfMs': 16, 'cumulativeMs': 16}]
        outcome = self.compare(profile(1.3, imports=tree), profile(imports=tree[:1]))
        self.assertIn('xml.etree is no longer imported', self.expect(outcome, 0).out)

    def test_markdown_and_junit_can_be_read(self):
        outcome = self.expect(self.compare(profile(), profile(1.3, functionName='hello'), '--markdown', '--junit', self.folder / 'j.xml'), 1)
        self.assertIn('| cold, in all |', outcome.out)
        suite = xml.etree.ElementTree.parse(self.folder / 'j.xml').getroot()
        self.assertEqual((suite.get('tests'), suite.get('failures')), ('3', '1'))

    def test_a_version_that_never_succeeds_fails(self):
        broken = profile()
        broken['cold'] = {'count': 60, 'errors': 60, 'totalMs': summary([]), 'phases': {}}
        self.expect(self.compare(profile(), broken), 1)

    def test_what_cannot_be_compared_is_refused(self):
        for change, word in (({'functionName': 'other'}, 'function'), ({'event': 'events/b.json'}, 'event'),
                             ({'isolation': 'process'}, 'isolation'), ({'limits': {'memory': 'approximated'}}, 'memory size')):
            outcome = self.expect(self.compare(profile(event='events/a.json'), profile(**{'event': 'events/a.json', **change})), 2)
            self.assertIn(word, outcome.err)

    def test_bad_files_and_options_are_exit_2(self):
        good = profile()
        for bad in ('', json.dumps(good)[:-40], '[]', '{"cold": 3}', json.dumps(good).replace('"samples": [', '"samples": ["x", '),
                    json.dumps(good).replace('"samples": [', '"samples": [-1, ')):
            self.assertIn('b.json', self.expect(self.compare(good, bad), 2).err)
        self.expect(self.compare(good, good, '--threshold', 'much'), 2)
        self.assertIn('cold.totalMs', self.expect(self.compare(good, good, '--gate', 'speed'), 2).err)
        self.expect(self.kelvin('compare', self.write('a.json', good), self.folder / 'gone.json'), 2)
        self.expect(self.kelvin('compare', self.write('a.json', good), '0190ffff-ffff-7fff-8fff-ffffffffffff'), 2)

    def test_runs_of_the_history_are_compared(self):
        folder = kelvin.EXAMPLES / 'hello-python'
        ids = [self.expect(self.kelvin('profile', folder, '--cold', 6, '--warm', 6, '--json'), 0).json()['runId'] for _ in range(2)]
        document = self.kelvin('compare', *ids, '--json', '--threshold', '1000%')
        self.assertEqual(self.expect(document, 0).json()['metrics'][0]['nA'], 6)


SLOW = 'import time\ntime.sleep(0.03)\n'


class Against(kelvin.Case):
    """Two states of a function, measured in turns."""

    def commit(self, folder, text):
        (folder / 'app.py').write_text(text)
        identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org']
        for words in (['init', '-q', '.'], ['add', '-A'], identity + ['commit', '-q', '--allow-empty', '-m', 'a state']):
            subprocess.run(['git', '-C', folder, *words], check=True, capture_output=True)

    def function(self):
        folder = self.folder / 'thing'
        folder.mkdir()
        (folder / 'function.json').write_text(json.dumps({'Runtime': 'python3.11', 'Handler': 'app.handler'}))
        return folder

    def profile(self, folder, ref, *options):
        return self.kelvin('profile', folder, '--against', ref, '--cold', 8, '--warm', 8, *options, timeout=300)

    def test_a_commit_that_was_faster_is_found_and_the_other_way_round(self):
        folder, quick = self.function(), 'def handler(event, context):\n    return 1\n'
        self.commit(folder, quick)
        self.commit(folder, SLOW + quick)
        gate = ('--gate', 'cold.totalMs', '--json', '--seed', '7')
        document = self.expect(self.profile(folder, 'HEAD~1', *gate), 1).json()
        self.assertEqual(document['comparison']['metrics'][0]['verdict'], 'slower')
        self.assertEqual(document['comparison']['coldCause']['phase'], 'init')
        self.assertEqual((document['measurement']['seed'], document['cold']['count'], document['against']['cold']['count']), (7, 8, 8))
        self.commit(folder, quick)
        document = self.expect(self.profile(folder, 'HEAD~1', *gate), 0).json()
        self.assertEqual(document['comparison']['metrics'][0]['verdict'], 'faster')
        self.assertEqual([run['kind'] for run in self.runs()], ['profile'] * 4)
        status = subprocess.run(['git', '-C', folder, 'status', '--short'], check=True, capture_output=True, text=True)
        self.assertEqual(status.stdout, '')

    def test_a_baseline_is_kept_in_the_folder_and_is_no_part_of_the_version(self):
        folder = self.function()
        (folder / 'app.py').write_text('def handler(event, context):\n    return 1\n')
        counts = ('--cold', 8, '--warm', 8, '--json')
        first = self.expect(self.kelvin('profile', folder, *counts, '--save-baseline', 'main'), 0).json()
        self.assertTrue((folder / '.kelvin/baselines/main.json').is_file())
        (folder / 'app.py').write_text('def handler(event, context):\n    return 1\n')
        second = self.kelvin('profile', folder, *counts, '--against', 'baseline:main', '--threshold', '1000%')
        self.assertEqual(self.expect(second, 0).json()['version'], first['version'])
        (folder / 'app.py').write_text(SLOW + 'def handler(event, context):\n    return 1\n')
        self.expect(self.kelvin('profile', folder, *counts, '--against', 'baseline:main', '--gate', 'cold.totalMs'), 1)
        for name in ('baseline:none', 'baseline:../main', 'baseline:'):
            self.expect(self.kelvin('profile', folder, *counts, '--against', name), 2)

    def test_what_is_no_commit_is_refused(self):
        folder = self.function()
        self.assertIn("isn't in a work tree", self.expect(self.profile(folder, 'HEAD'), 2).err)
        self.commit(folder, 'def handler(event, context):\n    return 1\n')
        for ref in ('nothing', '--help', ''):
            self.assertIn('nor a commit', self.expect(self.profile(folder, ref), 2).err)
        self.expect(self.kelvin('profile', folder, '--markdown'), 2)
        subprocess.run(['git', 'clone', '-q', '--bare', folder, self.folder / 'bare'], check=True, capture_output=True)
        (self.folder / 'bare/function.json').write_text((folder / 'function.json').read_text())
        (self.folder / 'bare/app.py').write_text('def handler(event, context):\n    return 1\n')
        self.assertIn('bare', self.expect(self.profile(self.folder / 'bare', 'HEAD'), 2).err)


if __name__ == '__main__':
    tap.main()
