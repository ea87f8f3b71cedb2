#!/usr/bin/python3
"""screenshots.py FOLDER: writes the window's pages, light and dark, to FOLDER. What they show are real runs, made here on a data
folder that is thrown away."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import desktop  # noqa: E402
import keyboard  # noqa: E402

EXAMPLES = desktop.ROOT / 'examples'
SHOWN = ('hello-node', 'error', 'hello-provided', 'heavy-import', 'thumbnails')  # the last is on top
EVENTS = {'thumbnails': 'three-sizes', 'heavy-import': 'words', 'error': 'out-of-stock'}
PAGES = ('Code', 'Profile', 'Load', 'History', 'Costs')
WORKBENCH_PAGES = ('All runs', 'All costs', 'This machine')
ROOM = f'{desktop.WIDTH - 2 * desktop.FRAME}x{desktop.HEIGHT - 2 * desktop.FRAME}+{desktop.FRAME}+{desktop.FRAME}'
SETTLED_S = 1.5  # animations of the page, and results that arrive in place


def kelvin(data, *args):
    """A run by the command line; a function that fails is a run too."""
    done = subprocess.run([desktop.PROGRAM, *map(str, args), '--data-dir', str(data)], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f'{" ".join(map(str, args))}: {done.stderr}')


def event_of(functions, name):
    return ('--event', functions / name / 'events' / f'{EVENTS.get(name, "hello")}.json')


def git(functions, *args):
    subprocess.run(['git', '-C', str(functions), '-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', *args], check=True,
                   stdout=subprocess.DEVNULL)


def commit(functions, message):
    git(functions, 'add', '--all')
    git(functions, 'commit', '--quiet', '--message', message)


def make_first_version(functions):
    git(functions, 'init', '--quiet', '--initial-branch', 'main')
    commit(functions, 'Add functions')


def make_second_version(functions):
    handler = functions / 'thumbnails/app.py'
    handler.write_text(handler.read_text(encoding='utf-8').replace('quality=85', 'quality=80'), encoding='utf-8')
    commit(functions, 'Make thumbnails smaller')


def make_runs(functions, data):
    """A history as an hour of work leaves it."""
    thumbnails = (functions / 'thumbnails', *event_of(functions, 'thumbnails'))
    make_first_version(functions)
    kelvin(data, 'profile', functions / 'hello-node', '--cold', 10, '--warm', 50)
    kelvin(data, 'invoke', functions / 'hello-provided')
    for name in ('error', 'heavy-import', 'thumbnails', 'error'):
        kelvin(data, 'invoke', functions / name, *event_of(functions, name))
    kelvin(data, 'profile', functions / 'heavy-import', '--cold', 20, '--warm', 100, *event_of(functions, 'heavy-import'))
    kelvin(data, 'invoke', functions / 'thumbnails', '--event-json', '{"widths": [0]}')
    kelvin(data, 'profile', *thumbnails, '--cold', 10, '--warm', 20)
    make_second_version(functions)
    for _ in range(2):
        kelvin(data, 'invoke', *thumbnails)
    kelvin(data, 'load', *thumbnails, '--pattern', 'burst', '--rate', 4, '--duration', 7, '--seed', 5, '--caller-retries', 4,
           '--backoff', 'full-jitter')
    kelvin(data, 'profile', *thumbnails, '--cold', 20, '--warm', 100, '--advise', '--tries', 12)


def prepare_desktop(data):
    """GNOME's own font and buttons, which a settings daemon would give."""
    settings = data / 'config/gtk-4.0/settings.ini'
    settings.parent.mkdir(parents=True)
    settings.write_text('[Settings]\ngtk-font-name=Cantarell 11\ngtk-decoration-layout=appmenu:close\n', encoding='utf-8')
    # nothing casts the shadow of a popover here: what would be under it is black
    settings.with_name('gtk.css').write_text('popover > contents { box-shadow: 0 0 0 1px alpha(gray, 0.5); margin: 1px; border-radius: 0; }',
                                             encoding='utf-8')


def result_is_there(window):
    found = window.look('Result')
    return found is not None and window.text(found).strip() != ''


def photograph(path):
    time.sleep(SETTLED_S)
    subprocess.run(['import', '-window', 'root', '-crop', ROOM, '+repage', '-strip', str(path)], check=True)
    print(path)


def photograph_find(window, path):
    """What a few letters find, over the page that a person is on."""
    keys = keyboard.Keyboard()
    try:
        window.press('Code', desktop.PAGE_ROLES)
        keys.focus()
        keys.press('ctrl+k')
        window.find('Find anything', ('text', 'entry'))
        keys.type('thumb')
        photograph(path)
        keys.press('Escape')
    finally:
        keys.close()


def photograph_pages(functions, data, folder, scheme):
    window = desktop.Window([functions / name for name in SHOWN], data, ADW_DEBUG_COLOR_SCHEME=f'prefer-{scheme}')
    try:
        window.press('Run')
        desktop.wait_for(lambda: result_is_there(window), 30, 'a result')
        for page in PAGES:
            if page != 'Code':
                window.press(page, desktop.PAGE_ROLES)
            photograph(folder / f'{page.lower()}-{scheme}.png')
        photograph_find(window, folder / f'find-{scheme}.png')
        window.choose('Drills')
        window.press('With fix', ('push button',))
        desktop.wait_for(lambda: 'With the fix: ' in ' '.join(window.texts()), 60, 'the report of both plays')
        photograph(folder / f'drills-{scheme}.png')
        for page in WORKBENCH_PAGES:
            window.choose(page)
            photograph(folder / f'{page.lower().replace(" ", "-")}-{scheme}.png')
    finally:
        window.close()


def main(folder):
    missing = desktop.what_is_missing()
    if missing:
        sys.exit(missing)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix='kelvin-screenshots-') as temporary:
        functions, data = pathlib.Path(temporary, 'functions'), pathlib.Path(temporary, 'data')
        for name in SHOWN:
            shutil.copytree(EXAMPLES / name, functions / name)
        data.mkdir(mode=0o700)
        make_runs(functions, data)
        prepare_desktop(data)
        with desktop.desktop():
            for scheme in ('light', 'dark'):
                photograph_pages(functions, data, folder, scheme)


if __name__ == '__main__':
    main(pathlib.Path(sys.argv[1]))
