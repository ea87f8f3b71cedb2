"""How near the limits and the figures of what is used come to what was asked for."""

import json
import pathlib
import tempfile

HOLD = '''
import time
def handler(event, context):
    held = bytearray(event << 20)
    for at in range(0, len(held), 4096):
        held[at] = 1
    time.sleep(0.05)
'''
# The processor's time of the handler and of its child, over the time that went by.
BUSY = '''
import os, time
def work(end):
    while time.monotonic() < end:
        pass
def handler(event, context):
    began, used = time.monotonic(), sum(os.times()[:4])
    if event > 1 and os.fork() == 0:
        work(began + 1)
        os._exit(0)
    work(began + 1)
    if event > 1:
        os.wait()
    return (sum(os.times()[:4]) - used) / (time.monotonic() - began)
'''
HELD_MB = (50, 120, 200)
SIZES_MB = (128, 442, 1769)
MB_A_CORE = 1769
TRIALS = 3


def make(folder, name, code, memory_mb):
    function = pathlib.Path(folder) / f'{name}-{memory_mb}'
    function.mkdir()
    config = {'Runtime': 'python3.11', 'Handler': 'app.handler', 'MemorySize': memory_mb, 'Timeout': 30}
    (function / 'function.json').write_text(json.dumps(config), encoding='utf-8')
    (function / 'app.py').write_text(code, encoding='utf-8')
    return function


def bench(figure, kelvin_json, data):
    def call(function, event):
        return kelvin_json(data, 'invoke', function, '--event-json', event)

    with tempfile.TemporaryDirectory(prefix='kelvin-bench-') as folder:
        limits = kelvin_json(data, 'doctor')['limits']
        hold = make(folder, 'hold', HOLD, 300)
        own = call(hold, 0)['maxMemoryUsedMB']
        errors = [abs(call(hold, held)['maxMemoryUsedMB'] - own - held) / held for held in HELD_MB for _ in range(TRIALS)]
        yield figure('sandbox.memory.error', max(errors) * 100, '%', target=10, note=f'of {HELD_MB} MB held for 50 ms; {limits["memory"]}')
        if limits['cpu'] == 'not enforced':
            return
        errors = []
        for size in SIZES_MB:
            busy = make(folder, 'busy', BUSY, size)
            # The one of several tries that others disturbed least.
            share = max(call(busy, 1)['payload'] for _ in range(TRIALS))
            errors.append(abs(share - size / MB_A_CORE) / (size / MB_A_CORE))
        yield figure('sandbox.cpu.error', max(errors) * 100, '%', target=10, note=f'of the share at {SIZES_MB} MB; {limits["cpu"]}')
        two = make(folder, 'busy', BUSY, 2 * MB_A_CORE)
        yield figure('sandbox.cpu.cores', max(call(two, 2)['payload'] for _ in range(TRIALS)), 'cores', target=1.8, better='higher',
                     note='two processes at 3,538 MB')
