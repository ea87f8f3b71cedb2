"""Records which imports init code makes, and what each takes. Loaded when an import profile is taken.

It stands where the interpreter itself enters the import system, as `-X importtime` does: so it sees
whatever imports a module that isn't there yet, by statement, importlib or C, in any thread, and also
under finders, loaders and an `__import__` of the function's own. What is there already costs nothing.

While init runs it notes instants alone. All else is made of them when the first event has arrived,
which is when init is over.
"""

import posix
import sys
from _thread import get_ident
from time import monotonic_ns

import _frozen_importlib as machinery
import _frozen_importlib_external as files

MOST_RECORDS = 20000
MOST_FILES = 20000
LONGEST_NAME = 500
LONGEST_PATH = 4000
PAGE_BYTES = posix.sysconf("SC_PAGE_SIZE")
MACHINERY = {"<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>"}
CALIBRATION_ROUNDS = 200
MACHINERY_FRAMES = 6

# A record is a list, the cheapest thing that can be filled step by step.
NAME, PARENT, THREAD, START, END, LOADED, COMPILE, PATH, CODE, AT, MODULE, FAILED, MEMORY = range(13)


def resident_bytes(statm):
    try:
        return int(posix.pread(statm, 100, 0).split(None, 2)[1]) * PAGE_BYTES
    except (OSError, IndexError, ValueError):  # the function closed the descriptor
        return 0


def identify(descriptor):
    status = posix.fstat(descriptor)
    return status.st_dev, status.st_ino


def hide(function, file):
    """Tracebacks leave out the frames of the import system: these belong to it."""
    function.__code__ = function.__code__.replace(co_filename=file)
    return function


def make_find_and_load(original, records, current, statm):
    """The import system's own entry, with a record of each module that isn't there yet."""
    getframe = sys._getframe
    now = monotonic_ns
    get_thread = get_ident

    def _find_and_load(name, import_):
        if name in sys.modules or len(records) >= MOST_RECORDS:
            return original(name, import_)
        begin = now()
        frame = getframe(1)
        code = frame.f_code
        while code.co_filename in MACHINERY or code.co_filename.endswith("/importlib/__init__.py"):
            frame = frame.f_back
            if frame is None:
                break
            code = frame.f_code
        at = 0 if frame is None else frame.f_lasti
        frame = None
        thread = get_thread()
        parent = current.get(thread)
        record = [name, parent, thread, begin, 0, 0, 0, None, code, at, None, True, 0]
        records.append(record)
        current[thread] = record
        if statm is not None:
            record[MEMORY] = -resident_bytes(statm)
        try:
            record[MODULE] = module = original(name, import_)
            record[FAILED] = False
            return module
        finally:
            record[END] = now()
            current[thread] = parent
            if statm is not None:
                record[MEMORY] += resident_bytes(statm)

    return hide(_find_and_load, "<frozen importlib._bootstrap>")


def make_get_code(original, current):
    """Notes when a module's code was there, and where it came from: what follows is its own code."""

    def get_code(self, fullname):
        code = original(self, fullname)
        record = current.get(get_ident())
        if record is not None and record[NAME] == fullname:
            record[LOADED] = monotonic_ns()
            record[PATH] = self.path
        return code

    return hide(get_code, "<frozen importlib._bootstrap_external>")


def make_source_to_code(original, current):
    """Notes what was compiled now, since no byte code of it was found."""

    def source_to_code(self, *args, **named):
        begin = monotonic_ns()
        code = original(self, *args, **named)
        record = current.get(get_ident())
        if record is not None:
            record[COMPILE] += monotonic_ns() - begin
        return code

    return hide(source_to_code, "<frozen importlib._bootstrap_external>")


def measure_cost():
    """Nanoseconds that a record costs: with one, and without."""

    def nothing(name, import_):
        return None

    # As in an import, the system's own frames stand between the statement and the hook.
    def descend(function, depth, name):
        return descend(function, depth - 1, name) if depth else function(name, None)

    hide(descend, "<frozen importlib._bootstrap>")
    names = [f"kelvin calibration {i}" for i in range(CALIBRATION_ROUNDS)]
    current = {}
    recorded = make_find_and_load(nothing, [], current, None)
    note = make_get_code(lambda self, name: None, current)
    note_compiled = make_source_to_code(lambda self: None, current)
    begin = monotonic_ns()
    for name in names:
        descend(recorded, MACHINERY_FRAMES, name)
        note(None, name)
        note_compiled(None)
    middle = monotonic_ns()
    for name in names:
        descend(nothing, MACHINERY_FRAMES, name)
    end = monotonic_ns()
    return max(0, (2 * middle - begin - end) // CALIBRATION_ROUNDS)


def text_of(value, longest):
    if type(value) is not str:
        return None
    return value[:longest].encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def line_of(code, at):
    """The line of the instruction at an offset."""
    if code is None:
        return 0
    try:
        for begin, end, line in code.co_lines():
            if begin <= at < end:
                return line or 0
    except AttributeError:  # before 3.10
        return code.co_firstlineno
    return 0


def describe_loader(spec):
    """What kind of module it is, by who loads it."""
    loader = getattr(spec, "loader", None)
    if loader is machinery.BuiltinImporter:
        return "built-in"
    if loader is machinery.FrozenImporter:
        return "frozen"
    if isinstance(loader, files.ExtensionFileLoader):
        return "native"
    if isinstance(loader, files.SourceLoader):
        return "source"
    if isinstance(loader, files.SourcelessFileLoader):
        return "byte-code"
    if getattr(spec, "origin", None) is None and spec is not None:
        return "namespace"
    return "other"


def describe_module(record):
    """(kind, file) of what was imported. The object may be anything: a module replaces itself."""
    kind, path = "other", record[PATH]
    try:
        spec = record[MODULE].__spec__
        kind = describe_loader(spec)
        if path is None and kind not in ("built-in", "frozen"):
            path = spec.origin
    except BaseException:
        pass
    if kind == "other" and record[PATH] is not None:
        kind = "source"
    return kind, text_of(path, LONGEST_PATH)


def size_of(path):
    try:
        return posix.stat(path).st_size if path else None
    except (OSError, ValueError):
        return None


class Recorder:
    """Stands in the import system from `start` on; `send` tells what it saw so far."""

    def __init__(self, mode, descriptor, encode):
        self.descriptor = descriptor
        self.encode = encode
        self.records = []
        self.current = {}
        self.opened = set() if mode == "files" else None
        self.statm = None
        self.sent = 0
        self.main_thread = get_ident()
        self.mark = 0
        self.identity = identify(descriptor)
        posix.set_inheritable(descriptor, False)

    def start(self):
        if self.opened is not None:
            self.statm = posix.open("/proc/self/statm", posix.O_RDONLY | posix.O_CLOEXEC)
            sys.addaudithook(self.note_opened)
        entry = make_find_and_load(
            machinery._find_and_load, self.records, self.current, self.statm
        )
        machinery._find_and_load = entry
        for loader in (files.SourceLoader, files.SourcelessFileLoader):
            loader.get_code = make_get_code(loader.get_code, self.current)
        files.SourceLoader.source_to_code = make_source_to_code(
            files.SourceLoader.source_to_code, self.current
        )
        self.mark = monotonic_ns()
        posix.write(self.descriptor, self.mark.to_bytes(8, "little"))

    def note_opened(self, event, args):
        if event == "open" and self.opened is not None and len(self.opened) < MOST_FILES:
            path = args[0]
            if type(path) is bytes:
                path = path.decode("utf-8", "replace")
            if type(path) is str:
                self.opened.add(path if path[:1] == "/" else f"{posix.getcwd()}/{path}")

    def describe(self, record, numbers, now):
        kind, file = describe_module(record)
        code = record[CODE]
        start = record[START] - self.mark
        parent = record[PARENT]
        return [
            text_of(record[NAME], LONGEST_NAME) or "?",
            -1 if parent is None else numbers.get(id(parent), -1),
            start,
            (record[END] or now) - self.mark,
            max(0, record[LOADED] - self.mark),
            record[COMPILE],
            kind,
            file,
            size_of(file),
            None if code is None else text_of(code.co_filename, LONGEST_PATH),
            line_of(code, record[AT]),
            record[MEMORY] if self.statm is not None else None,
            bool(record[FAILED]),
            record[THREAD] != self.main_thread,
        ]

    def send(self, stage):
        """Tells of the imports since the last time, and in the end of the files that were opened."""
        now = monotonic_ns()
        numbers = {id(record): number for number, record in enumerate(self.records)}
        records = self.records[self.sent :]
        report = {
            "stage": stage,
            "first": self.sent,
            "imports": [self.describe(record, numbers, now) for record in records],
            "full": len(self.records) >= MOST_RECORDS,
            "costNs": measure_cost(),
        }
        self.sent = len(self.records)
        if stage == "end" and self.opened is not None:
            opened = list(self.opened)
            report["opened"] = [text_of(path, LONGEST_PATH) for path in opened]
            report["openedFull"] = len(opened) >= MOST_FILES
        self.write(self.encode(report))
        if stage == "end":
            self.opened = None

    def write(self, body):
        # A function that closes whatever is open may have a file of its own there now.
        if identify(self.descriptor) != self.identity:
            return
        data = len(body).to_bytes(4, "little") + body
        while data:
            data = data[posix.write(self.descriptor, data) :]


def send(recorder, stage):
    """Whatever the function did to the interpreter, it is served: the profile is then missing."""
    try:
        recorder.send(stage)
    except Exception:
        return None
    return None if stage == "end" else recorder
