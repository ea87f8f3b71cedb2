#!/usr/bin/python3
"""check_source.py FILE…: the rules of docs/architecture.md and CONTRIBUTING.md that a machine can hold.

Each rule is a function that yields (line, message) for a source file; RULES lists them."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

LONGEST_LINE = 100
LONGEST_FILE = 900
LONGEST_FUNCTION = 100
DEEPEST_NESTING = 5  # braces, the function's own and a switch among them

# What the files of a folder may include, beside their own folder's headers. Directions are those of
# docs/architecture.md: events -> dispatch -> environment <-> runtime, all down to model.
BASE = {'engine', 'engine/model'}
ENGINE = BASE | {
    'engine/runtime', 'engine/environment', 'engine/history', 'engine/analysis', 'engine/dispatch',
    'engine/events',
}
MAY_INCLUDE = {
    'app': ENGINE | {'ui', 'launcher'},
    'ui': ENGINE | {'ui', 'ui/charts'},
    'ui/charts': {'engine', 'engine/model', 'engine/analysis', 'ui'},
    'engine': ENGINE | {'engine/drills'},
    'engine/model': {'engine'},
    'engine/runtime': BASE,
    'engine/environment': BASE | {'engine/runtime', 'launcher'},
    'engine/history': BASE | {'engine/analysis'},
    'engine/analysis': BASE,
    'engine/dispatch': BASE | {'engine/environment', 'engine/runtime', 'engine/history', 'engine/analysis'},
    'engine/events': BASE | {'engine/dispatch', 'engine/analysis', 'engine/runtime'},
    'engine/drills': {'engine', 'engine/model'},
    'launcher': {'engine'},
}
# Files right in engine/ that everything may use; the facade is for ui/ and app/ alone.
FACADE = 'engine/engine.h'
# The headers of launcher/ that are a contract with others: what is said, and how it is sent.
PROTOCOL = ('launcher/protocol.h', 'launcher/wire.h')

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
WORKING_MARK = re.compile(r'\b(TODO|FIXME|XXX|HACK)\b(?!.*#\d+)')


def without_literals(text):
    """The text with comments, strings and characters blanked, line by line as long as before."""
    def blank(match):
        return re.sub(r'[^\n]', ' ', match[0])
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, blank, text, flags=re.DOTALL)


class Source:
    def __init__(self, path, place=None):
        """place: where in the tree the file is taken to be, for the samples."""
        self.place = place or str(pathlib.Path(path).resolve().relative_to(ROOT))
        self.text = pathlib.Path(path).read_text(encoding='utf-8')
        self.lines = self.text.splitlines()
        self.code = without_literals(self.text).splitlines()
        self.folder = str(pathlib.PurePath(self.place).parent)

    def functions(self):
        """(name's line, first line of the body, last line) of each; the style has braces at column 0."""
        start = None
        for number, line in enumerate(self.code, 1):
            if line.startswith('{'):
                start = number
            elif line.startswith('}') and start is not None:
                yield start - 1, start, number
                start = None


def check_include_direction(source):
    allowed = MAY_INCLUDE.get(source.folder)
    if allowed is None:
        return
    for number, line in enumerate(source.lines, 1):
        match = INCLUDE.match(line)
        if match is None or '/' not in match[1]:
            continue
        folder = str(pathlib.PurePath(match[1]).parent)
        if folder == source.folder:
            continue
        if folder not in allowed:
            yield number, f'{source.folder}/ must not include {match[1]}'
        elif match[1] == FACADE and source.folder not in ('app', 'ui'):
            yield number, f'{FACADE} is for app/ and ui/ alone'
        elif folder == 'launcher' and match[1] not in PROTOCOL:
            yield number, f'of launcher/ only {" and ".join(PROTOCOL)} may be included elsewhere'


def check_file_length(source):
    if len(source.lines) > LONGEST_FILE:
        yield len(source.lines), f'{len(source.lines)} lines; {LONGEST_FILE} is the most, 400 the rule'


def check_function_length(source):
    for name, first, last in source.functions():
        if last - first - 1 > LONGEST_FUNCTION:
            yield name, f'a function of {last - first - 1} lines; {LONGEST_FUNCTION} is the most'


def check_nesting(source):
    for _, first, last in source.functions():
        depth = 0
        for number in range(first, last + 1):
            line = source.code[number - 1]
            depth += line.count('{')
            if depth > DEEPEST_NESTING + 1 and '{' in line:
                yield number, f'nested {depth - 1} deep; {DEEPEST_NESTING} braces is the most'
            depth -= line.count('}')


def check_goto(source):
    for number, line in enumerate(source.code, 1):
        if re.search(r'\bgoto\b', line):
            yield number, 'goto: let g_auto clean up, or split the function'


def check_working_marks(source):
    for number, line in enumerate(source.lines, 1):
        if WORKING_MARK.search(line):
            yield number, 'a mark of unfinished work without the number of its issue (TODO #12)'


def check_line_length(source):
    for number, line in enumerate(source.lines, 1):
        if len(line) > LONGEST_LINE:
            yield number, f'{len(line)} columns; {LONGEST_LINE} is the most'


def check_tabs_and_spaces(source):
    for number, line in enumerate(source.lines, 1):
        if '\t' in line:
            yield number, 'a tab; indent by two spaces, write \\t in a string'
        elif line != line.rstrip():
            yield number, 'spaces at the end of the line'


def check_pragma_once(source):
    if source.place.endswith('.h') and '#pragma once' not in source.lines[:30]:
        yield 1, 'a header begins with #pragma once'


def check_own_header_first(source):
    own = re.sub(r'\.c$', '.h', source.place)
    if not source.place.endswith('.c') or not (ROOT / own).exists():
        return
    for number, line in enumerate(source.lines, 1):
        match = re.match(r'#\s*include\s+["<]([^">]+)[">]', line)
        if match and match[1] != 'config.h':
            if match[1] not in (own, own.replace('.h', '-private.h')):
                yield number, f'the first include is {match[1]}; it must be the own header, {own}'
            return


def check_file_name(source):
    name = pathlib.PurePath(source.place).stem
    if name in ('utils', 'util', 'helpers', 'helper', 'common', 'misc'):
        yield 1, f'{name}: name the file after what it does'
    elif '_' in name:
        yield 1, f'{name}: words of a file name are joined by -'


def check_descriptors(source):
    """Descriptors that a child would inherit."""
    bare = {
        r'\bopen\s*\((?!.*O_CLOEXEC)': 'open() without O_CLOEXEC',
        r'\bpipe\s*\(': 'pipe(): use pipe2() with O_CLOEXEC',
        r'\bepoll_create\s*\(': 'epoll_create(): use epoll_create1() with EPOLL_CLOEXEC',
        r'\bdup\s*\(': 'dup(): use fcntl() with F_DUPFD_CLOEXEC',
    }
    for number, line in enumerate(source.code, 1):
        call = line if line.rstrip().endswith((';', '{')) else ' '.join(source.code[number - 1:number + 2])
        for pattern, message in bare.items():
            if re.search(r'(?<![\w>.])' + pattern.removeprefix(r'\b'), line) and re.search(pattern, call):
                yield number, message


def check_signals(source):
    """Outside of a pid namespace kill(-1, …) reaches everything that the user runs."""
    for number, line in enumerate(source.code, 1):
        if re.search(r'\bkill\s*\(\s*-1\b', line) and source.place != 'launcher/tree.c':
            yield number, 'kill (-1, …) is for launcher/tree.c alone, which knows whether it is safe'


RULES = {
    'include-direction': check_include_direction,
    'file-length': check_file_length,
    'function-length': check_function_length,
    'nesting': check_nesting,
    'goto': check_goto,
    'working-marks': check_working_marks,
    'line-length': check_line_length,
    'tabs-and-spaces': check_tabs_and_spaces,
    'pragma-once': check_pragma_once,
    'own-header-first': check_own_header_first,
    'file-name': check_file_name,
    'descriptors': check_descriptors,
    'signals': check_signals,
}


def tree_sources():
    """The C files of the project itself."""
    for folder in ('app', 'engine', 'launcher', 'ui', 'tests/unit', 'tests/bench'):
        for path in sorted((ROOT / folder).rglob('*.[ch]')):
            yield path


def complaints(source, rule):
    return [f'{source.place}:{line}: {message}' for line, message in RULES[rule](source)]


def main(paths):
    found = [text for path in paths or tree_sources() for rule in RULES for text in complaints(Source(path), rule)]
    print('\n'.join(found))
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
