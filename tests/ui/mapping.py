"""When a program's first window is mapped, as the X server tells it."""

import ctypes
import ctypes.util
import subprocess
import time

SUBSTRUCTURE_NOTIFY_MASK = 1 << 19
MAP_NOTIFY = 19
TOO_LONG_S = 60


class MapEvent(ctypes.Structure):
    """XMapEvent, in the room of an XEvent."""

    _fields_ = [('type', ctypes.c_int), ('serial', ctypes.c_ulong), ('send_event', ctypes.c_int), ('display', ctypes.c_void_p),
                ('event', ctypes.c_ulong), ('window', ctypes.c_ulong), ('override_redirect', ctypes.c_int),
                ('room', ctypes.c_long * 24)]


def load():
    x11 = ctypes.CDLL(ctypes.util.find_library('X11') or 'libX11.so.6')
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    x11.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
    x11.XSelectInput.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_long]
    x11.XPending.argtypes = x11.XSync.argtypes = x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    x11.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]
    x11.XNextEvent.argtypes = [ctypes.c_void_p, ctypes.POINTER(MapEvent)]
    return x11


def wait_for_map(x11, display):
    event = MapEvent()
    deadline = time.monotonic() + TOO_LONG_S
    while time.monotonic() < deadline:
        while x11.XPending(display):
            x11.XNextEvent(display, ctypes.byref(event))
            if event.type == MAP_NOTIFY and not event.override_redirect:
                return
        time.sleep(0.0005)
    raise RuntimeError(f'no window within {TOO_LONG_S} s')


def time_to_map(argv):
    """Milliseconds from the start of argv until its window is mapped; ends it again."""
    x11 = load()
    display = x11.XOpenDisplay(None)
    x11.XSelectInput(display, x11.XDefaultRootWindow(display), SUBSTRUCTURE_NOTIFY_MASK)
    x11.XSync(display, 0)
    started = time.perf_counter()
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_map(x11, display)
        return (time.perf_counter() - started) * 1000
    finally:
        process.terminate()
        process.wait()
        x11.XCloseDisplay(display)
