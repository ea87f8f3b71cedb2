#!/usr/bin/python3
"""The real window, driven and read as assistive technology does."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / 'tap'), str(HERE.parent / 'system')]

import contrast  # noqa: E402
import desktop  # noqa: E402
import kelvin  # noqa: E402
import keyboard  # noqa: E402
import tap  # noqa: E402

PAGES = ('Code', 'Profile', 'Load', 'History', 'Costs')
WORKBENCH_PAGES = ('All runs', 'All costs', 'Drills', 'This machine')
SIDEBAR = 240  # it ends there
PRESSABLE = ('push button', 'toggle button', 'radio button', 'check box', 'spin button', 'combo box', 'text', 'slider')
PHASE = re.compile(r'(queue|waiting|sandbox|runtime|init|handler|response) ([\d.,]+)\s*ms')
FAILING = 'def handler(event, context):\n    raise ValueError("no")\n'
SLOW = 'import time\ndef handler(event, context):\n    time.sleep(20)\n'


class Window(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        missing = desktop.what_is_missing()
        if missing:
            raise unittest.SkipTest(missing)
        # One for all: a process can speak with one accessibility bus alone.
        cls.stack = contextlib.ExitStack()
        cls.stack.enter_context(desktop.desktop())

    @classmethod
    def tearDownClass(cls):
        cls.stack.close()

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='kelvin-test-'))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.data = self.folder / 'data'
        self.data.mkdir(mode=0o700)

    def open(self, *folders):
        window = desktop.Window(folders, self.data)
        self.addCleanup(self.close, window)
        return window

    def keys(self):
        """A keyboard whose keys the window gets."""
        keys = keyboard.Keyboard()
        self.addCleanup(keys.close)
        keys.focus()
        return keys

    def close(self, window):
        said = window.said()
        window.close()
        self.assertNotIn('CRITICAL', said)
        self.assertNotIn('Gtk-WARNING', said)

    def hello(self):
        shutil.copytree(kelvin.EXAMPLES / 'hello-python', self.folder / 'hello')
        return self.folder / 'hello'

    def function(self, name, code):
        folder = self.folder / name
        folder.mkdir()
        (folder / 'app.py').write_text(code, encoding='utf-8')
        (folder / 'function.json').write_text(json.dumps({'Runtime': 'python3.11', 'Handler': 'app.handler', 'Timeout': 60}))
        return folder

    def ask(self, *args):
        done = subprocess.run([kelvin.PROGRAM, *args, '--json', '--data-dir', str(self.data)], capture_output=True, text=True,
                              check=True)
        return json.loads(done.stdout)

    def runs(self):
        return self.ask('history', 'list')['runs']

    def result(self, window, *words, seconds=20):
        """The text of the label Result, once it holds one of these words."""
        def read():
            found = window.look('Result')
            text = window.text(found) if found else ''
            return text if any(word in text for word in words) else None
        return desktop.wait_for(read, seconds, f'Result says one of {words}; the window: {window.outline()}')

    def editor(self, window, words):
        """The text view that holds these words."""
        def look():
            return next((found for found in window.walk() if window.role(found) == 'text' and words in window.text(found)), None)
        return desktop.wait_for(look, 10, f'an editor with {words}; the window: {window.outline()}')

    def test_run_shows_its_result(self):
        window = self.open(self.hello())
        window.press('Run')
        self.assertIn('cold', self.result(window, 'Succeeded'))
        run, = self.runs()
        self.assertEqual((run['kind'], run['status']), ('invoke', 'ok'))

    def test_an_earlier_run_is_shown_when_its_function_is_opened(self):
        folder = self.hello()
        self.ask('invoke', str(folder))
        window = self.open(folder)
        self.assertIn('cold', self.result(window, 'Succeeded'))
        self.assertEqual(len(self.runs()), 1)

    def test_every_page_and_control_has_its_name(self):
        window = self.open(self.hello())
        for name in PAGES:
            window.find(name)
        for name in ('Run', 'New function', 'Open folder'):
            window.find(name)
        for name in ('Compare', 'Export'):
            self.assertIsNone(window.look(name), f'{name} is offered, but not built')
        for name in PAGES[1:]:
            window.press(name, desktop.PAGE_ROLES)

    def nameless(self, window):
        """What can be pressed or typed into, and has no name; the button within a drop-down is the drop-down's own."""
        def is_part(found):
            parent = found.get_parent()
            return parent is not None and window.role(parent) == 'combo box' and window.name(parent)

        return [window.path(found) for found in window.walk()
                if window.role(found) in PRESSABLE and window.sensitive(found) and window.has_room(found) and not window.name(found)
                and not is_part(found)]

    def test_no_control_of_any_page_is_without_a_name(self):
        self.ask('profile', str(self.hello()), '--cold', '2', '--warm', '2')
        window = self.open(self.folder / 'hello')
        window.press('Run')
        self.result(window, 'Succeeded')
        window.press('Environment')
        for page in PAGES:
            window.press(page, desktop.PAGE_ROLES)
            time.sleep(0.5)
            self.assertEqual(self.nameless(window), [], page)
        for page in WORKBENCH_PAGES:
            window.choose(page)
            time.sleep(0.5)
            self.assertEqual(self.nameless(window), [], page)
        self.keys().press('ctrl+k')
        window.find('Find anything', ('text', 'entry'))
        self.assertEqual(self.nameless(window), [])

    def test_the_waterfall_says_what_the_history_has(self):
        window = self.open(self.hello())
        window.press('Run')
        self.result(window, 'Succeeded')
        run, = self.runs()
        kept, = self.ask('history', 'show', run['runId'])['invocations']

        def described():
            return next((window.description(found) for found in window.all('Waterfall', ('image', 'icon'))
                         if 'handler' in window.description(found)), None)
        words = desktop.wait_for(described, 10, 'a waterfall with a description')
        said = {name: float(value.replace(',', '')) for name, value in PHASE.findall(words.split(';')[0])}
        for name in ('sandbox', 'runtime', 'init', 'handler'):
            self.assertAlmostEqual(said[name], kept['phases'][f'{name}Ms'], delta=0.1, msg=words)

    def test_an_edit_makes_a_new_version_and_a_cold_start(self):
        folder = self.hello()
        window = self.open(folder)
        window.press('Run')
        self.result(window, 'Succeeded')
        before = self.runs()[0]
        editor = self.editor(window, 'GREETING')
        window.atspi.EditableText.insert_text(editor, 0, '# edited\n', 9)
        window.press('Run')
        desktop.wait_for(lambda: len(self.runs()) == 2 and self.runs()[0]['status'] == 'ok', 20, 'the second run')
        after = self.runs()[0]
        self.assertNotEqual(after['version'], before['version'])
        self.assertEqual(after['coldStarts'], 1)
        self.assertTrue((folder / 'app.py').read_text(encoding='utf-8').startswith('# edited\n'))

    def has_draft(self):
        """Whether a draft is written to its end: a file that is being replaced has another name until then."""
        drafts = {path for path in self.data.glob('drafts/**/*') if path.is_file()}
        time.sleep(0.3)
        return bool(drafts) and drafts == {path for path in self.data.glob('drafts/**/*') if path.is_file()}

    def test_unsaved_changes_survive_a_crash(self):
        folder = self.hello()
        window = self.open(folder)
        window.atspi.EditableText.insert_text(self.editor(window, 'GREETING'), 0, '# not saved\n', 12)
        desktop.wait_for(self.has_draft, 10, 'a draft is written')
        window.process.kill()
        window.process.wait()
        again = self.open(folder)
        self.editor(again, '# not saved')
        self.assertNotIn('# not saved', (folder / 'app.py').read_text(encoding='utf-8'))

    def test_a_second_run_is_warm(self):
        window = self.open(self.hello())
        window.press('Run')
        self.result(window, 'Succeeded')
        window.press('Run')
        self.result(window, 'warm')

    def test_an_error_is_told_in_words(self):
        window = self.open(self.function('failing', FAILING))
        window.press('Run')
        self.assertNotIn('Succeeded', self.result(window, 'Failed'))

    def run_sleeper(self, window):
        """Presses Run for a handler that sleeps; the processes of the run, once it does."""
        def of_the_run():
            """Runtimes, and pid 1 above each. The launcher is the window's child and a pid 1 the launcher's; one without
            a child is made ahead and waits."""
            top = window.process.pid
            parents = {process: kelvin.parent_of(process[0]) for process in kelvin.descendants(top) if process[0] != top}
            direct = {pid for (pid, _), parent in parents.items() if parent == top}
            runtimes = {process for process, parent in parents.items() if parent not in direct | {top}}
            above = {parents[process] for process in runtimes}
            return runtimes | {process for process in parents if process[0] in above}

        window.press('Run')
        desktop.wait_for(lambda: len(of_the_run()) >= 2, 10, 'the handler runs')
        desktop.wait_for(lambda: window.look('Cancel'), 10, 'Cancel is offered')
        return of_the_run()

    def time_to_cancel(self, window):
        """Seconds from Cancel to the end of the last process of a run."""
        busy = self.run_sleeper(window)
        window.press('Cancel')
        pressed = time.monotonic()
        self.assertTrue(kelvin.wait_until(lambda: not kelvin.still_alive(busy), 2, step=0.005), kelvin.still_alive(busy))
        took = time.monotonic() - pressed
        desktop.wait_for(lambda: self.runs()[0]['status'] == 'cancelled', 5, 'the run is cancelled')
        return took

    def test_cancel_leaves_no_process(self):
        window = self.open(self.function('slow', SLOW))
        window.find('Run')
        took = [self.time_to_cancel(window) for _ in range(3)]
        self.assertLess(min(took), 0.1)  # the least: what else the machine does only adds

    def test_the_editor_takes_typing_while_a_handler_runs(self):
        window = self.open(self.function('slow', SLOW))
        editor = self.editor(window, 'time.sleep')
        self.run_sleeper(window)
        gaps = []
        for _ in range(50):
            began = time.monotonic()
            window.atspi.EditableText.insert_text(editor, 0, '#', 1)
            gaps.append(time.monotonic() - began)
        self.assertTrue(window.text(editor).startswith('#' * 50))
        self.assertLess(sorted(gaps)[-3], 0.1, gaps)  # two may meet something else that the machine does
        window.press('Cancel')
        desktop.wait_for(lambda: self.runs()[0]['status'] == 'cancelled', 5, 'the run is cancelled')

    def found(self, window):
        """What "Find anything" has selected, as a screen reader says it."""
        entry = window.look('Find anything', ('text', 'entry'))
        return window.description(entry) if entry else ''

    def look_for(self, window, keys, words, expected):
        keys.press('ctrl+k')
        window.find('Find anything', ('text', 'entry'))
        keys.type(words)
        desktop.wait_for(lambda: expected in self.found(window), 10, f'{words} finds {expected}, not {self.found(window)}')

    def test_anything_is_found_by_keyboard_alone(self):
        other = self.function('other', FAILING)
        self.ask('invoke', str(self.hello()), '--event-json', '{"name": "Ada"}')
        window = self.open(other, self.folder / 'hello')
        window.find('Run')
        keys = self.keys()
        self.look_for(window, keys, 'other', 'other, python3.11')
        keys.press('Return')
        self.editor(window, 'raise ValueError')
        self.look_for(window, keys, 'machine', 'This machine')
        keys.press('Return')
        desktop.wait_for(lambda: 'What functions are held to here' in window.texts(), 20, 'the page This machine')
        self.look_for(window, keys, 'app.py hello', 'app.py, hello-python, file')
        keys.press('Return')
        self.editor(window, 'GREETING')
        self.look_for(window, keys, 'invoke ok', 'invoke, today')
        keys.press('Return')
        desktop.wait_for(lambda: 'Succeeded, cold' in window.texts(), 20, 'the run in the history')

    def test_finding_goes_by_arrows_and_ends_with_escape(self):
        window = self.open(self.hello())
        window.find('Run')
        keys = self.keys()
        self.look_for(window, keys, 'run', '1 of ')
        keys.press('Down')
        desktop.wait_for(lambda: self.found(window).startswith('2 of '), 5, 'the second')
        keys.press('Up')
        desktop.wait_for(lambda: self.found(window).startswith('1 of '), 5, 'the first again')
        keys.type(' nothing has this')
        desktop.wait_for(lambda: self.found(window) == 'nothing fits', 5, 'nothing fits')
        keys.press('Escape')
        desktop.wait_for(lambda: not self.found(window), 5, 'Escape closes it')

    def test_the_shortcuts_are_listed(self):
        window = self.open(self.hello())
        window.find('Run')
        keys = self.keys()
        keys.press('ctrl+shift+question')
        desktop.wait_for(lambda: {'Find anything', 'Ctrl+K', 'F5'} <= set(window.texts()), 10, 'the dialog')

    def history_of_two(self):
        """The History page of a function whose two runs are some seconds apart, and its keyboard."""
        folder = self.hello()
        self.ask('invoke', str(folder))
        time.sleep(2.5)
        self.ask('profile', str(folder), '--cold', '1', '--warm', '0')
        window = self.open(folder)
        window.find('Run')
        window.press('History', desktop.PAGE_ROLES)
        desktop.wait_for(lambda: '2 runs' in window.texts(), 20, 'both runs')
        return window, self.keys(), window.find('Runs over time', ('image', 'icon'))

    def filter_text(self, window):
        return window.text(window.find('Filter', ('text', 'entry')))

    def test_keys_choose_a_range_of_the_history(self):
        window, keys, strip = self.history_of_two()
        x, y, width, height = window.area(window.find('Filter', ('text', 'entry')))
        for tabs in range(1, 5):  # the buttons beside the filter come before it
            keys.click((x + width // 2, y + height // 2))
            for _ in range(tabs):
                keys.press('Tab')
            keys.press('Left')
            time.sleep(0.3)
            if 'chosen from' in window.description(strip):
                break
        desktop.wait_for(lambda: '1 run' in window.texts(), 10, f'the last run alone: {window.texts()}')
        text = self.filter_text(window)
        self.assertRegex(text, r'^since:\S+ until:\S+$')
        self.assertIn('chosen from', window.description(strip))
        self.assertIn('profile', window.texts())
        keys.press('shift+Home')
        desktop.wait_for(lambda: '2 runs' in window.texts(), 10, 'both again')
        self.assertNotEqual(self.filter_text(window), text)
        keys.press('Escape')
        desktop.wait_for(lambda: self.filter_text(window) == '', 10, 'Escape takes it out of the filter')
        self.assertNotIn('chosen', window.description(strip))

    def test_dragging_chooses_a_range_of_the_history(self):
        window, keys, strip = self.history_of_two()
        x, y, width, height = window.area(strip)
        keys.drag((x + 5, y + height // 2), (x + width // 2, y + height // 2))
        desktop.wait_for(lambda: '1 run' in window.texts(), 10, f'the first run alone: {window.texts()}')
        self.assertRegex(self.filter_text(window), r'^since:\S+ until:\S+$')
        self.assertIn('invoke', window.texts())
        keys.click((x + width - 5, y + height // 2))
        desktop.wait_for(lambda: '2 runs' in window.texts(), 10, 'a click chooses nothing')

    def set_size(self, width, height):
        """The size that the next window opens with, with the three buttons that a desktop may give it."""
        (self.data / 'window.ini').write_text(f'[window]\nwidth={width}\nheight={height}\n')
        settings = self.data / 'config/gtk-4.0/settings.ini'
        settings.parent.mkdir(parents=True)
        settings.write_text('[Settings]\ngtk-decoration-layout=appmenu:minimize,maximize,close\n')

    def can_be_scrolled_to(self, window, found, width):
        """Whether it is in a pane of its own that is within the window, as the tabs of a narrow one are."""
        while found is not None and window.role(found) != 'frame':
            x, _, its_width, _ = window.area(found)
            if window.role(found) == 'scroll pane' and 0 <= x and x + its_width <= width:
                return True
            found = found.get_parent()
        return False

    def sticking_out(self, window):
        """What can be pressed or typed into and doesn't lie within the width of the window."""
        frame = next(found for found in window.walk() if window.role(found) == 'frame')
        width = window.area(frame)[2]
        for found in window.walk(frame):
            if window.role(found) not in PRESSABLE or not window.sensitive(found) or not window.has_room(found):
                continue
            x, _, its_width, _ = window.area(found)
            if (x < 0 or x + its_width > width) and not self.can_be_scrolled_to(window, found, width):
                yield f'{x} to {x + its_width} of {width}: {window.path(found)}'

    def test_a_narrow_window_has_room_for_every_page(self):
        self.set_size(360, 640)
        self.ask('profile', str(self.hello()), '--cold', '2', '--warm', '2')
        window = self.open(self.folder / 'hello')
        window.press('Run')
        self.result(window, 'Succeeded')
        frame = next(found for found in window.walk() if window.role(found) == 'frame')
        for page in PAGES:
            window.press(page, desktop.PAGE_ROLES)
            time.sleep(0.5)
            self.assertLessEqual(window.area(frame)[2], 360 + 2 * desktop.FRAME, page)
            self.assertEqual(list(self.sticking_out(window)), [], page)
        keys = self.keys()
        for page in WORKBENCH_PAGES:
            self.look_for(window, keys, page, page)
            keys.press('Return')
            time.sleep(0.5)
            self.assertLessEqual(window.area(frame)[2], 360 + 2 * desktop.FRAME, page)
            self.assertEqual(list(self.sticking_out(window)), [], page)

    def faint(self, window):
        """Texts whose contrast is too small, as they are drawn."""
        picture = contrast.photograph()
        frame = next(found for found in window.walk() if window.role(found) == 'frame')
        for found in window.walk():
            if window.role(found) != 'label' or not window.sensitive(found) or not window.has_room(found):
                continue
            x, y, width, height = window.area(found)
            if not any(map(str.isalnum, window.text(found))) or x < 0 or y < 0 or x + width > picture.width or y + height > picture.height:
                continue
            if window.at(frame, x + width // 2, y + height // 2) != found:
                continue
            self.seen.append(window.text(found))
            reached = contrast.of_area(picture, (x, y, width, height))
            if reached is not None and reached < contrast.LEAST:
                yield f'{reached:.2f}: {window.text(found)[:40]!r} at {x}, {y}'

    def check_contrast(self, scheme):
        self.ask('profile', str(self.hello()), '--cold', '3', '--warm', '3')
        self.seen = []
        window = desktop.Window([self.folder / 'hello'], self.data, ADW_DEBUG_COLOR_SCHEME=f'prefer-{scheme}')
        self.addCleanup(self.close, window)
        window.press('Run')
        self.result(window, 'Succeeded')
        for page in PAGES:
            window.press(page, desktop.PAGE_ROLES)
            time.sleep(1)
            self.assertEqual(list(self.faint(window)), [], page)
        for page in WORKBENCH_PAGES:
            window.choose(page)
            time.sleep(1)
            self.assertEqual(list(self.faint(window)), [], page)

        self.assertGreater(len(self.seen), 60)

    def test_light_texts_stand_out(self):
        self.check_contrast('light')

    def test_dark_texts_stand_out(self):
        self.check_contrast('dark')

    def test_all_costs_add_up_and_lead_to_their_runs(self):
        folder = self.hello()
        for _ in range(2):
            self.ask('invoke', str(folder))
        spent = sum(run['estimatedCostUSD'] for run in self.runs())
        window = self.open(folder)
        window.choose('All costs')
        desktop.wait_for(lambda: 'All that was run here' in window.texts(), 20, 'the sum')
        figures = [float(text[1:]) for text in window.texts() if re.fullmatch(r'\$0\.\d+', text)]
        self.assertTrue([figure for figure in figures if abs(figure - spent) <= 0.05 * spent], (spent, figures))
        frame = next(found for found in window.walk() if window.role(found) == 'frame')
        x, y, width, height = next(
            area for area in (window.area(found) for found in window.walk() if window.text(found) == 'hello-python')
            if area[0] > SIDEBAR and window.text(window.at(frame, area[0] + 2, area[1] + 2)) == 'hello-python')
        self.keys().click((x + width // 2, y + height // 2))
        desktop.wait_for(lambda: '2 runs' in window.texts(), 20, 'its runs')
        self.assertEqual(self.filter_text(window), 'function:hello-python')

    def test_invocations_are_listed_over_all_runs(self):
        folder = self.hello()
        self.ask('invoke', str(folder))
        self.ask('profile', str(folder), '--cold', '1', '--warm', '3')
        window = self.open(folder)
        window.find('Run')
        window.press('History', desktop.PAGE_ROLES)
        desktop.wait_for(lambda: '2 runs' in window.texts(), 20, 'both runs')
        window.press('Invocations', ('toggle button', 'radio button', 'push button'))
        desktop.wait_for(lambda: '5 invocations' in window.texts(), 20, f'all five: {window.texts()}')
        texts = window.texts()
        self.assertGreaterEqual(texts.count('warm'), 3)
        self.assertGreaterEqual(texts.count('cold'), 2)

    def test_the_environment_of_a_run_is_shown(self):
        window = self.open(self.hello())
        window.press('Run')
        self.result(window, 'Succeeded')
        window.press('Environment')
        run, = self.runs()
        kept, = self.ask('history', 'show', run['runId'])['invocations']
        desktop.wait_for(lambda: {'starting', 'initialising', 'busy'} <= set(window.texts()), 10, 'its life')
        texts = window.texts()
        self.assertIn(f'{kept["maxMemoryUsedMB"]:.1f} of 128 MB', texts)
        self.assertTrue([text for text in texts if text.endswith(' of 512 MB')], texts)
        self.assertIn('its life in this run, with 1 invocation', texts)
        if kept['limits']['memory'].startswith('cgroup'):
            self.assertTrue([text for text in texts if f'enforced by control groups ({kept["limits"]["memory"]})' in text], texts)
            self.assertIn('limits enforced by cgroup, seccomp', texts)

    def add_door(self, window):
        """A button that is activated acts a quarter of a second later, unless it was redrawn meanwhile: then once more."""
        for _ in range(4):
            window.press('Add door')
            if kelvin.wait_until(lambda: window.look('Door added'), 3, 0.1):
                return
        self.fail('the door is not added')

    def test_a_refused_destination_gets_its_door(self):
        """Asked for in vain, named, added by its button, and there in the next run."""
        code = 'import socket\ndef handler(event, context):\n    return socket.gethostbyname("shop.example")\n'
        folder = self.function('f', code)
        window = self.open(folder)
        window.press('Run')
        self.result(window, 'Failed')
        window.press('Connections ✗')
        self.add_door(window)
        window.press('Doors: shop')
        window.find('Remove this door')
        window.press('Run')
        self.result(window, 'Succeeded')
        door, = json.loads((folder / 'function.json').read_text())['Kelvin']['Doors']
        self.assertEqual(door, {'Name': 'shop', 'Host': 'shop.example', 'Port': 443, 'To': 'shop.example:443'})
        window.press('Remove this door')
        window.find('Doors')

    def test_init_is_drawn_by_import_and_advice_is_applied(self):
        folder = self.function('costly', 'import costs\ndef handler(event, context):\n    return costs.x if event else 1\n')
        (folder / 'costs.py').write_text('import time\ntime.sleep(0.03)\nx = 2\n', encoding='utf-8')
        self.ask('profile', str(folder), '--cold', '2', '--warm', '2', '--advise', '--tries', '2')
        window = self.open(folder)
        self.editor(window, 'import costs')
        window.press('Profile', desktop.PAGE_ROLES)
        graph = window.find('Flame graph')
        self.assertIn(window.role(graph), ('image', 'icon'))
        self.assertIn('costs itself', window.description(graph))
        self.assertIn('yours, line 1', window.texts())
        window.press('Apply…')
        self.assertIn('+     import costs',
                      window.text(self.editor(window, '− import costs')))
        window.press('Apply')
        self.assertIn('    import costs\n    return', window.text(self.editor(window, '    import costs')))
        # an edit, and nothing more: it can be undone
        self.assertIn('import costs\ndef', (folder / 'app.py').read_text(encoding='utf-8'))

    def test_this_machine_says_what_doctor_says(self):
        known = self.ask('doctor')
        window = self.open(self.hello())
        window.choose('This machine')
        desktop.wait_for(lambda: 'Memory' in window.texts(), 20, 'the limits of this machine')
        texts = window.texts()
        for mechanism in (known['limits']['memory'], known['limits']['ephemeralStorage']):
            self.assertTrue([text for text in texts if mechanism in text], (mechanism, texts))
        for runtime in known['runtimes']:
            if not runtime['path'].startswith('/usr/'):
                continue  # the window has another home, and version managers keep theirs there
            for word in (runtime['name'], runtime['version'], runtime['path']):
                self.assertIn(word, texts)
        self.assertIn('Examine again', [window.name(found) for found in window.walk() if window.has_action(found)])

    def test_profile_measures_and_is_kept(self):
        window = self.open(self.hello())
        window.press('Profile', desktop.PAGE_ROLES)
        window.press('Profile', ('push button',))
        desktop.wait_for(lambda: [run for run in self.runs() if run['kind'] == 'profile' and run['status'] == 'ok'], 60,
                         'a profile in the history')


    def described(self, window, name, words):
        """The description of the picture of that name, once it holds these words."""
        def read():
            return next((text for text in map(window.description, window.all(name, ('image', 'icon'))) if words in text), None)
        return desktop.wait_for(read, 40, f'{name} says {words}; the window: {window.outline()}')

    def do(self, window, found, action):
        names = [window.atspi.Action.get_action_name(found, index)
                 for index in range(window.atspi.Action.get_n_actions(found))]
        window.atspi.Action.do_action(found, names.index(action))

    def test_a_load_is_shown_as_it_happens_and_kept(self):
        window = self.open(self.hello())
        window.press('Load', desktop.PAGE_ROLES)
        window.press('Start load', ('push button',))
        desktop.wait_for(lambda: window.look('Cancel', ('push button',)), 10, 'Cancel is offered')
        desktop.wait_for(lambda: [run for run in self.runs() if run['kind'] == 'load' and run['status'] == 'ok'], 60,
                         'a load in the history')
        self.described(window, 'Lanes', '200 attempts served, 0 failed')
        self.assertIn('200 events', self.described(window, 'Latency', '200 events'))
        window.find('200 of 200')
        lanes = window.look('Lanes', ('image', 'icon'))
        self.do(window, lanes, 'chart.open')
        words = self.described(window, 'Lanes', 'request id')
        run = next(run for run in self.runs() if run['kind'] == 'load')
        first, = self.ask('history', 'show', run['runId'], '--limit', '1')['invocations']
        self.assertIn(first['requestId'], words)

    def test_a_cancelled_load_keeps_what_was_measured(self):
        window = self.open(self.hello())
        window.press('Load', desktop.PAGE_ROLES)
        window.press('Start load', ('push button',))
        desktop.wait_for(lambda: window.look('Cancel', ('push button',)), 10, 'Cancel is offered')
        time.sleep(1)
        window.press('Cancel', ('push button',))
        desktop.wait_for(lambda: self.runs()[0]['status'] == 'cancelled', 10, 'the load is cancelled')
        self.assertGreater(self.runs()[0]['invocations'], 0)

    def test_escape_ends_a_profile(self):
        window = self.open(self.function('slow', 'import time\ndef handler(event, context):\n    time.sleep(0.2)\n'))
        window.press('Profile', desktop.PAGE_ROLES)
        keys = self.keys()
        keys.press('F5')
        desktop.wait_for(lambda: self.runs() and self.runs()[0]['status'] == 'running', 20, 'the profile runs')
        keys.press('Escape')
        desktop.wait_for(lambda: self.runs()[0]['status'] == 'cancelled', 10, 'the profile is cancelled')

    def test_a_load_of_the_history_shows_its_lanes(self):
        folder = self.hello()
        self.ask('load', str(folder), '--rate', '20', '--duration', '1')
        window = self.open(folder)
        window.press('History', desktop.PAGE_ROLES)
        window.press('Show its lanes')
        self.described(window, 'Lanes', '20 attempts served')
        window.find('20 of 20')

    def test_a_drill_is_played_with_and_without_its_fix(self):
        window = self.open(self.hello())
        window.choose('Drills')
        window.press('With fix', ('push button',))
        desktop.wait_for(lambda: 'With the fix: ' in ' '.join(window.texts()), 60, 'the report of both plays')
        texts = ' '.join(window.texts())
        self.assertIn('As it is: ', texts)
        self.assertIn('What helps: ', texts)
        self.assertEqual(len([run for run in self.runs() if run['kind'] == 'drill']), 2)


if __name__ == '__main__':
    os.environ.setdefault('NO_AT_BRIDGE', '0')
    tap.main()
