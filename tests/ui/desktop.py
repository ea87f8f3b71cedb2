"""A private X server, session bus and accessibility bus, and a window on them that is driven through accessibility."""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get('KELVIN_PROGRAM', str(ROOT / '_build/app/kelvin'))
WIDTH, HEIGHT = 1280, 820
FRAME = 5  # pixels that GTK draws around a window where nothing casts its shadow
PAGE_ROLES = ('page tab', 'radio button', 'toggle button')


LONGEST_OUTLINE = 6000
CLASS_NAME = re.compile(r'(Gtk|Adw|Kelvin)[A-Z]\w+$')


def what_is_missing():
    """A reason why no window can be driven here; None when it can."""
    for program in ('Xvfb', 'dbus-daemon'):
        if shutil.which(program) is None:
            return f'{program} is not there'
    try:
        import gi
        gi.require_version('Atspi', '2.0')
    except (ImportError, ValueError) as error:
        return str(error)
    return None


def read_from(process, descriptor):
    """The line that a server writes when it is ready."""
    with os.fdopen(descriptor, encoding='utf-8') as stream:
        line = stream.readline().strip()
    if not line:
        raise RuntimeError(f'{process.args[0]} did not start')
    return line


def start_server(argv):
    """Starts argv, in which {} becomes a descriptor to write to when ready; (process, the line written)."""
    reading, writing = os.pipe()
    process = subprocess.Popen([arg.format(writing) for arg in argv], pass_fds=[writing], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    return process, read_from(process, reading)


def end(process):
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def desktop(width=WIDTH, height=HEIGHT):
    """Puts DISPLAY and the bus into os.environ; import Atspi only inside."""
    with contextlib.ExitStack() as stack:
        server, display = start_server(['Xvfb', '-displayfd', '{}', '-screen', '0', f'{width}x{height}x24',
                                        '-nolisten', 'tcp', '-noreset', '+extension', 'GLX'])
        stack.callback(end, server)
        os.environ['DISPLAY'] = f':{display}'
        os.environ.pop('WAYLAND_DISPLAY', None)
        bus, address = start_server(['dbus-daemon', '--session', '--nofork', '--print-address={}'])
        stack.callback(end, bus)
        os.environ['DBUS_SESSION_BUS_ADDRESS'] = address
        yield


def wait_for(what, seconds, description):
    """The first true result of what()."""
    deadline = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f'not within {seconds} s: {description}')
        time.sleep(0.02)


class Window:
    """The program with its window, and what assistive technology sees of it."""

    def __init__(self, folders, data_dir, **environment):
        import gi
        gi.require_version('Atspi', '2.0')
        from gi.repository import Atspi
        self.atspi = Atspi
        kept = {name: value for name, value in os.environ.items()
                if name in ('PATH', 'DISPLAY', 'DBUS_SESSION_BUS_ADDRESS', 'XAUTHORITY', 'ASAN_OPTIONS', 'LSAN_OPTIONS')}
        kept |= {'LC_ALL': 'C.UTF-8', 'HOME': str(data_dir), 'XDG_DATA_HOME': f'{data_dir}/share',
                 'XDG_CONFIG_HOME': f'{data_dir}/config', 'XDG_CACHE_HOME': f'{data_dir}/cache',
                 'GSETTINGS_BACKEND': 'memory', 'GDK_BACKEND': 'x11', 'GSK_RENDERER': 'cairo',
                 'G_DEBUG': 'fatal-criticals'}
        self.errors = open(f'{data_dir}/window-errors', 'w+', encoding='utf-8')
        self.process = subprocess.Popen([PROGRAM, *map(str, folders), '--data-dir', str(data_dir)],
                                        env=kept | environment, stdin=subprocess.DEVNULL, stdout=self.errors,
                                        stderr=self.errors)
        self.application = wait_for(self.look_for_application, 30, 'the window appears')

    def said(self):
        self.errors.flush()
        return pathlib.Path(self.errors.name).read_text(encoding='utf-8', errors='replace')

    def close(self):
        """Ends the program; its exit status."""
        end(self.process)
        self.errors.close()
        return self.process.returncode

    def look_for_application(self):
        if self.process.poll() is not None:
            raise AssertionError(f'the program ended with {self.process.returncode}: {self.said()}')
        desktop_object = self.atspi.get_desktop(0)
        for index in range(desktop_object.get_child_count()):
            child = desktop_object.get_child_at_index(index)
            if child is not None and child.get_process_id() == self.process.pid and child.get_child_count() > 0:
                return child
        return None

    # Looking

    def walk(self, start=None):
        """Every object, parents first; what vanishes meanwhile is left out."""
        waiting = [start or self.application]
        while waiting:
            found = waiting.pop()
            yield found
            try:
                children = [found.get_child_at_index(index) for index in range(found.get_child_count())]
            except Exception:  # the object went away
                continue
            waiting.extend(child for child in reversed(children) if child is not None)

    def name(self, found):
        """Its name; GTK gives that of the class to what has none."""
        try:
            name = found.get_name() or ''
        except Exception:  # the object went away
            return ''
        return '' if CLASS_NAME.match(name) else name

    def role(self, found):
        try:
            return found.get_role_name()
        except Exception:
            return ''

    def sensitive(self, found):
        """Whether it can be used: shown, and not greyed. (GTK 4.8 doesn't tell what is showing.)"""
        try:
            states = found.get_state_set()
        except Exception:
            return False
        return states.contains(self.atspi.StateType.VISIBLE) and states.contains(self.atspi.StateType.SENSITIVE)

    def has_room(self, found):
        """Whether it takes a place in the window; what is folded away doesn't."""
        try:
            room = found.get_component_iface().get_extents(self.atspi.CoordType.WINDOW)
        except Exception:
            return False
        return room.width > 0 and room.height > 0

    def all(self, name, role=None):
        """The objects of that name (and one of those roles)."""
        return [found for found in self.walk()
                if self.name(found) == name and (role is None or self.role(found) in role)]

    def look(self, name, role=None):
        """One that can be used, or None."""
        return next((found for found in self.all(name, role) if self.sensitive(found)), None)

    def find(self, name, role=None, seconds=10):
        return wait_for(lambda: self.look(name, role), seconds, f'{role or "an object"} named {name}; it said: {self.said()}')

    def text(self, found):
        try:
            return self.atspi.Text.get_text(found, 0, self.atspi.Text.get_character_count(found))
        except Exception:
            return ''

    def description(self, found):
        return found.get_description() or ''

    # Acting

    def has_action(self, found):
        try:
            return self.role(found) != 'label' and self.atspi.Action.get_n_actions(found) > 0
        except Exception:
            return False

    def press(self, name, role=None, seconds=10):
        """Does the first action of the object of that name, as a screen reader would."""
        def has_action():
            return next((found for found in self.all(name, role) if self.sensitive(found) and self.has_action(found)), None)

        found = wait_for(has_action, seconds, f'something to press named {name}; it said: {self.said()}')
        self.atspi.Action.do_action(found, 0)
        return found

    def choose(self, name, role=('list item', 'table row', 'option')):
        """Selects the row of that name in its list."""
        row = self.find(name, role)
        self.atspi.Selection.select_child(row.get_parent(), row.get_index_in_parent())
        return row

    def texts(self):
        """What is written in the window: the texts of all labels that have room."""
        return [self.text(found) or self.name(found) for found in self.walk()
                if self.role(found) == 'label' and self.has_room(found)]

    def area(self, found):
        """(x, y, width, height) on the screen: the window stands in its upper left corner."""
        room = found.get_component_iface().get_extents(self.atspi.CoordType.WINDOW)
        return room.x, room.y, room.width, room.height

    def at(self, frame, x, y):
        """What is drawn there; what is hidden behind another page of a stack isn't."""
        try:
            return frame.get_component_iface().get_accessible_at_point(x, y, self.atspi.CoordType.WINDOW)
        except Exception:
            return None

    def path(self, found):
        """The roles and names on the way to it, for messages."""
        steps = []
        while found is not None and self.role(found) != 'application':
            steps.append(f'{self.role(found)} {found.get_name()!r}')
            found = found.get_parent()
        return ' < '.join(steps[:6])

    def outline(self):
        """The tree in words, for messages."""
        lines = []

        def add(found, depth):
            lines.append(f'{"  " * depth}{self.role(found)} {self.name(found)!r} {self.text(found)[:60]!r}')
            for index in range(found.get_child_count()):
                child = found.get_child_at_index(index)
                if child is not None:
                    add(child, depth + 1)
        add(self.application, 0)
        return '\n'.join(lines)[:LONGEST_OUTLINE]
