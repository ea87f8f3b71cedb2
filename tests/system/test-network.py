#!/usr/bin/python3
"""Kelvin.Network "internet": a way out by pasta, with the machine's own addresses closed. The internet is a little one."""

import json
import os
import pathlib
import shutil
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / 'tap')]

import kelvin  # noqa: E402
import little_network  # noqa: E402
import tap  # noqa: E402

REACH = '''
import socket, urllib.request
def reach(address):
    try:
        return urllib.request.urlopen(f"http://{address}/", timeout=2).read().decode()
    except OSError as error:
        return None
def handler(event, context):
    found = {address: reach(address) for address in event}
    found["devices"] = sorted(name for _, name in socket.if_nameindex())
    return found
'''
FAR, LOOPBACK, OWN, NAME = '10.99.0.2', f'127.0.0.1:{little_network.PORT}', f'{little_network.NEAR}:{little_network.PORT}', 'far.example'


class Internet(kelvin.Case):
    @classmethod
    def setUpClass(cls):
        if os.getuid() != 0:
            raise unittest.SkipTest(tap.NOT_HERE + 'a little network is made as root')
        if not shutil.which('pasta'):
            raise unittest.SkipTest('pasta is not there: install the package passt')
        if not little_network.TUN.exists():
            raise unittest.SkipTest(tap.NOT_HERE + 'there is no /dev/net/tun')

    def prepare(self, argv):
        return argv

    def run_argv(self, argv, stdin=None, timeout=120, env=None):
        inside = ['unshare', '--mount', '--net', '/usr/bin/python3', str(HERE / 'little_network.py')]
        return super().run_argv(inside + self.prepare(argv), stdin, timeout, env)

    def function_out(self, **more):
        return self.python(REACH, Timeout=20, MemorySize=256, Kelvin={'Network': 'internet', **more})

    def test_reaches_others_by_address_and_name_and_the_machine_not_at_all(self):
        document = self.invoke(self.function_out(), [FAR, NAME, LOOPBACK, OWN])
        self.assertEqual(document['payload'], {FAR: 'far', NAME: 'far', LOOPBACK: None, OWN: None, 'devices': ['eth0', 'lo']})
        self.assertIn('network: internet', document['note'])

    def test_its_doors_are_there_as_well(self):
        door = {'Name': 'near', 'Host': 'near.internal', 'Port': 80, 'To': LOOPBACK}
        document = self.invoke(self.function_out(Doors=[door]), ['near.internal', NAME])
        self.assertEqual((document['payload']['near.internal'], document['payload'][NAME]), ('near', 'far'))
        self.assertEqual([record['door'] for record in document['connections']], ['near'])

    def test_nothing_stays_behind(self):
        self.invoke(self.function_out(), [])
        self.assertTrue(kelvin.wait_until(lambda: not self.programs_of_network(), 2), 'pasta stayed behind')

    def test_nothing_stays_behind_a_kelvin_that_is_killed(self):
        folder = self.python('import time\ndef handler(event, context):\n    time.sleep(20)\n', Timeout=30, Kelvin={'Network': 'internet'})
        killed = ['sh', '-c', '"$@" & sleep 1.5; kill -9 $!; sleep 0.5', 'sh', *self.prepare(self.argv('invoke', folder))]
        inside = ['unshare', '--mount', '--net', '/usr/bin/python3', str(HERE / 'little_network.py')]
        kelvin.Case.run_argv(self, inside + killed)
        self.assertTrue(kelvin.wait_until(lambda: not self.programs_of_network(), 2), 'pasta stayed behind')

    def programs_of_network(self):
        found = []
        for entry in pathlib.Path('/proc').iterdir():
            try:
                if entry.name.isdigit() and b'169.254.1.1' in (entry / 'cmdline').read_bytes().split(b'\0'):
                    found.append(entry.name)
            except OSError:
                continue
        return found


class InternetAsOrdinaryUser(Internet):
    def setUp(self):
        super().setUp()
        self.data.mkdir()
        os.chown(self.data, kelvin.ORDINARY_USER, kelvin.ORDINARY_USER)

    def prepare(self, argv):
        return kelvin.as_ordinary_user(argv)


class Missing(kelvin.Case):
    def test_without_the_program_it_says_what_to_install(self):
        folder = self.python(REACH, Kelvin={'Network': 'internet'})
        self.expect(self.kelvin('invoke', folder, env=self.environment(PATH='/nowhere')), 3, 'pasta', 'package passt',
                    'Kelvin.Doors')

    def test_without_a_network_it_says_what_the_program_said(self):
        if os.getuid() != 0 or not shutil.which('pasta'):
            self.skipTest(tap.NOT_HERE + 'a machine without a network is made as root')
        argv = ['unshare', '--net', *self.argv('invoke', self.python(REACH, Kelvin={'Network': 'internet'}))]
        self.expect(self.run_argv(argv), 3, 'pasta ended', 'interface')

    def test_no_network_is_the_rule(self):
        self.assertEqual(self.invoke(self.python(REACH), [])['payload'], json.loads('{"devices": ["lo"]}'))


if __name__ == '__main__':
    tap.main()
