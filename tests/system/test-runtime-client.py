#!/usr/bin/python3
"""A published runtime client, unmodified, serves as the bootstrap of a `provided` function.

npm's aws-lambda-ric is fetched from the registry and compiled once for a build folder; that needs the network, and a
minute or two."""

import fcntl
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / 'tap')]

import kelvin  # noqa: E402
import tap  # noqa: E402

CLIENT = 'aws-lambda-ric@3'
CACHE = pathlib.Path(os.environ.get('KELVIN_TEST_CACHE', kelvin.ROOT / '_build/test-cache')) / 'aws-lambda-ric'
HEADERS = pathlib.Path('/usr/include/node/node.h')
HANDLER = '''
export const handler = async (event, context) => {
  console.log('serving', context.awsRequestId);
  if (event.fail) throw new RangeError(event.fail);
  return { event, id: context.awsRequestId, left: context.getRemainingTimeInMillis() > 0 };
};
'''


def install():
    """Fills the cache; the text of what went wrong, or None. Two builds may want it at once."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / 'lock', 'w', encoding='utf-8') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (CACHE / 'complete').exists():
            return None
        environment = dict(os.environ)
        if HEADERS.exists():  # else npm fetches them
            environment.setdefault('npm_config_nodedir', '/usr')
        done = subprocess.run(['npm', 'install', '--prefix', str(CACHE), '--no-audit', '--no-fund', CLIENT], env=environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=900, check=False)
        if done.returncode != 0:
            return done.stdout[-4000:]
        (CACHE / 'complete').touch()
        return None


class RuntimeClient(kelvin.Case):
    @classmethod
    def setUpClass(cls):
        for program in ('node', 'npm', 'cmake', 'autoreconf', 'libtoolize', 'make', 'g++'):
            if shutil.which(program) is None:
                raise unittest.SkipTest(f'{program} is not there')
        failure = install()
        if failure:
            raise AssertionError(f'npm install {CLIENT} failed:\n{failure}')

    def setUp(self):
        super().setUp()
        node = os.path.realpath(shutil.which('node'))
        self.client = self.bootstrap(f'#!/bin/sh\nexec {node} node_modules/aws-lambda-ric/bin/index.mjs "$_HANDLER"\n', name='client')
        config = (self.client / 'function.json').read_text(encoding='utf-8').replace('"handler"', '"index.handler"')
        (self.client / 'function.json').write_text(config, encoding='utf-8')
        self.write(self.client / 'index.mjs', HANDLER)
        (self.client / 'node_modules').symlink_to(CACHE / 'node_modules')

    def test_serves_an_event(self):
        document = self.invoke(self.client, {'a': [1, 'ü', None]})
        self.assertEqual(document['payload'], {'event': {'a': [1, 'ü', None]}, 'id': document['requestId'], 'left': True})
        self.assertIn('serving', document['log'])
        self.assertEqual(document['start'], 'cold')

    def test_reports_an_error(self):
        document = self.invoke(self.client, {'fail': 'too far'}, status=1)
        self.assertEqual(document['payload']['errorType'], 'RangeError')
        self.assertEqual(document['payload']['errorMessage'], 'too far')

    def test_serves_one_event_after_another(self):
        outcome = self.expect(self.kelvin('profile', self.client, '--cold', 2, '--warm', 10, '--json'), 0)
        self.assertEqual((outcome.json()['cold']['errors'], outcome.json()['warm']['errors']), (0, 0))

    def test_reports_a_handler_that_does_not_exist(self):
        config = (self.client / 'function.json').read_text(encoding='utf-8').replace('index.handler', 'index.nothing')
        (self.client / 'function.json').write_text(config, encoding='utf-8')
        document = self.invoke(self.client, {}, status=1)
        self.assertEqual(document['payload']['errorType'], 'Runtime.HandlerNotFound')


if __name__ == '__main__':
    tap.main()
