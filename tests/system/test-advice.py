#!/usr/bin/python3
"""What would help: which imports may move, and that what is said to be saved is saved."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

DEFER = kelvin.ROOT / 'runtimes/tools/defer_imports.py'
SPIN = 'import time\nuntil = time.perf_counter() + {seconds}\nwhile time.perf_counter() < until:\n    pass\n'


class Defer(unittest.TestCase):
    """What defer_imports.py makes of the first line of a module."""

    def ask(self, code, others=None, line=1):
        with tempfile.TemporaryDirectory(prefix='kelvin-test-') as folder:
            for name, text in {'app.py': code, **(others or {})}.items():
                pathlib.Path(folder, name).write_text(text, encoding='utf-8')
            done = subprocess.run([sys.executable, '-I', '-S', str(DEFER), folder, 'app.py', str(line)], check=True,
                                  capture_output=True, text=True)
        return json.loads(done.stdout)['lines'][str(line)]

    def moved(self, code, **options):
        answer = self.ask(code, **options)
        self.assertIn('source', answer, (code, answer))
        return answer['source']

    def test_moves_into_each_function_that_uses_it(self):
        self.assertEqual(
            self.moved('import json\n\ndef f():\n    """Says."""\n    return json.dumps(1)\n\nclass C:\n    def m(self):\n        return json\n\ndef g():\n    return 1\n'),
            '\ndef f():\n    """Says."""\n    import json\n    return json.dumps(1)\n\nclass C:\n    def m(self):\n        import json\n        return json\n\ndef g():\n    return 1\n')

    def test_moves_what_an_inner_function_uses_into_the_outer_one(self):
        self.assertEqual(self.moved('import json\ndef f():\n    def g():\n        return json\n    return g\n'),
                         'def f():\n    import json\n    def g():\n        return json\n    return g\n')

    def test_moves_to_where_it_is_first_needed(self):
        self.assertEqual(self.moved('import json\ndef f(x):\n    y = 1\n    if x:\n        y = 2\n        return json.dumps(y)\n    return y\n'),
                         'def f(x):\n    y = 1\n    if x:\n        y = 2\n        import json\n        return json.dumps(y)\n    return y\n')
        self.assertEqual(self.moved('import json\ndef f(x):\n    if x:\n        json.dumps(1)\n    else:\n        json.dumps(2)\n'),
                         'def f(x):\n    import json\n    if x:\n        json.dumps(1)\n    else:\n        json.dumps(2)\n')
        self.assertEqual(self.moved('import json\ndef f(x):\n    for y in x:\n        json.dumps(y)\n'),
                         'def f(x):\n    import json\n    for y in x:\n        json.dumps(y)\n')
        self.assertEqual(self.moved('import json\ndef f(x):\n    if x:\n        pass\n    elif x > 1:\n        json.dumps(2)\n'),
                         'def f(x):\n    import json\n    if x:\n        pass\n    elif x > 1:\n        json.dumps(2)\n')
        self.assertEqual(self.moved('import json\ndef f(x):\n    if x: return json\n    return 1\n'),
                         'def f(x):\n    import json\n    if x: return json\n    return 1\n')
        self.assertEqual(self.moved('import json\ndef f(x):\n    @x\n    def g():\n        return json\n    return g\n'),
                         'def f(x):\n    import json\n    @x\n    def g():\n        return json\n    return g\n')

    def test_moves_only_the_names_that_are_used(self):
        self.assertEqual(self.moved('from os import (path as p,\n    sep)\ndef f():\n    return p\n'),
                         'def f():\n    from os import path as p\n    return p\n')

    def test_a_name_of_the_functions_own_is_no_use(self):
        self.assertEqual(self.moved('import json\ndef f(json):\n    return json\n'), 'def f(json):\n    return json\n')

    def test_what_is_not_certain_stays(self):
        table = {
            'used at the top': 'import json\nX = json.dumps(1)\n',
            'a default': 'import json\ndef f(x=json):\n    return x\n',
            'an annotation': 'import json\ndef f(x: json.X):\n    return x\n',
            'a decorator': 'import json\n@json.d\ndef f():\n    return 1\n',
            'a base class': 'import json\nclass C(json.X):\n    pass\n',
            'a class body': 'import json\nclass C:\n    x = json\n',
            'a lambda': 'import json\nf = lambda: json\n',
            'a comprehension': 'import json\nX = [json for _ in range(1)]\n',
            'in a condition': 'try:\n    import json\nexcept ImportError:\n    json = None\n',
            'assigned again': 'import json\njson = 5\ndef f():\n    return json\n',
            'imported twice': 'import os.path\nimport os\ndef f():\n    return os\n',
            'exported': 'import json\n__all__ = ["json"]\ndef f():\n    return json\n',
            'global': 'import json\ndef f():\n    global json\n    json = 1\n',
            'seen by globals()': 'import json\ndef f():\n    return globals()["js" + "on"]\n',
            'a star': 'from json import *\ndef f():\n    return dumps(1)\n',
            'the future': 'from __future__ import annotations\n',
            'two on a line': 'import json; X = 1\ndef f():\n    return json\n',
            'a body on one line': 'import json\ndef f(): return json\n',
            'no Python': 'import json\ndef f(:\n',
        }
        for name, code in table.items():
            with self.subTest(name):
                self.assertIn('reason', self.ask(code, line=2 if 'condition' in name else 1), code)

    def test_what_another_module_takes_stays(self):
        code = 'import json\ndef f():\n    return json\n'
        for other in ('from app import json\n', 'import app\nX = app.json\n', 'from app import *\n', 'from . import app\nX = app.json\n'):
            self.assertIn('other.py', self.ask(code, others={'other.py': other})['reason'], other)
        self.assertIn('source', self.ask(code, others={'other.py': 'import app\nX = app.f()\n'}))


class Advice(kelvin.Case):
    def advise(self, folder, *options, tries=12):
        outcome = self.kelvin('profile', folder, '--cold', 3, '--warm', 0, '--advise', '--tries', tries, '--json', *options, timeout=300)
        return self.expect(outcome, 0).json()['advice']

    def of_kind(self, advice, kind):
        return [one for one in advice if one['kind'] == kind]

    def test_a_deferred_import_saves_what_it_cost(self):
        folder = self.function('f', files={
            'app.py': 'import costly\ndef handler(event, context):\n    if event.get("rare"):\n        return costly.x\n    return 1\n',
            'costly.py': SPIN.format(seconds=0.04) + 'x = 2\n'})
        advice = self.advise(folder)
        one, = self.of_kind(advice, 'defer-import')
        self.assertEqual((one['file'], one['line'], one['whose'], one['tried']), ('app.py', 1, 'own', 12))
        self.assertIn('    import costly\n', one['patches'][0]['text'])
        self.assertIsNone(one['coldShare'])
        if not kelvin.SANITIZED:
            low, high = one['savesMsCI95']
            self.assertEqual(one['verdict'], 'helps')
            self.assertTrue(low - 3 <= 40 <= high + 3, one)
        self.assertEqual(list((self.data / 'variants').iterdir()), [])
        # nothing of it is counted anywhere
        self.assertEqual(self.runs()[0]['invocations'], 3)

    def test_what_answers_otherwise_is_no_advice(self):
        folder = self.function('f', files={
            'app.py': 'import sys\nimport costly\ndef handler(event, context):\n    return "cost" + "ly" in sys.modules\n',
            'costly.py': SPIN.format(seconds=0.01)})
        one, = [one for one in self.of_kind(self.advise(folder, tries=3), 'defer-import') if one['line'] == 2]
        self.assertEqual(one['verdict'], 'answers-differ')

    def test_an_import_that_must_stay_says_why(self):
        folder = self.function('f', files={
            'app.py': 'import costly\nX = costly.x\ndef handler(event, context):\n    return X\n', 'costly.py': SPIN.format(seconds=0.01) + 'x = 2\n'})
        one, = self.of_kind(self.advise(folder, tries=1), 'defer-import')
        self.assertEqual((one['verdict'], one['savesMs']), ('not-tried', None))
        self.assertIn('line 2', one['remark'])

    def test_byte_code_is_tried_where_much_is_compiled(self):
        code = '\n'.join(f'def f{i}(a, b):\n    return [x * {i} for x in range(a) if x != b]\n' for i in range(600))
        folder = self.function('f', files={'app.py': code + '\ndef handler(event, context):\n    return 1\n'})
        one, = self.of_kind(self.advise(folder), 'byte-code')
        if not kelvin.SANITIZED:
            self.assertEqual(one['verdict'], 'helps', one)
        self.assertIn('compileall', one['remedy'])

    def test_prices_and_what_the_service_offers_are_said(self):
        advice = self.advise(kelvin.EXAMPLES / 'hello-python', tries=1)
        provisioned, = self.of_kind(advice, 'provisioned')
        # 128 MB for 730 hours at $0.0000041667 a GB-second
        self.assertAlmostEqual(provisioned['perMonthUSD'], 0.125 * 730 * 3600 * 0.0000041667, places=4)
        snapshot, = self.of_kind(advice, 'snapshot')
        self.assertEqual((snapshot['offered'], snapshot['verdict']), (False, 'not-tried'))

    def test_tries_are_checked(self):
        self.expect(self.kelvin('profile', kelvin.EXAMPLES / 'hello-python', '--advise', '--tries', 0), 2, '--tries')


if __name__ == '__main__':
    tap.main()
