"""Keys, as the X server hands them to the window that has the focus."""

import ctypes
import time

REVERT_TO_PARENT = 2
VIEWABLE = 2
CURRENT_TIME = 0
BETWEEN_KEYS_S = 0.02
MODIFIERS = {'ctrl': 'Control_L', 'shift': 'Shift_L', 'alt': 'Alt_L'}
NAMES = {' ': 'space', '-': 'minus', '.': 'period', ':': 'colon', '/': 'slash', ',': 'comma', '+': 'plus', '_': 'underscore'}
SHIFTED = set(':+_')


class Attributes(ctypes.Structure):
    """XWindowAttributes, as far as it is read here."""

    _fields_ = [('x', ctypes.c_int), ('y', ctypes.c_int), ('width', ctypes.c_int), ('height', ctypes.c_int),
                ('between', ctypes.c_char * 76), ('map_state', ctypes.c_int), ('room', ctypes.c_long * 24)]


class Keyboard:
    def __init__(self):
        self.x11 = ctypes.CDLL('libX11.so.6')
        self.test = ctypes.CDLL('libXtst.so.6')
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        self.x11.XDefaultRootWindow.restype = ctypes.c_ulong
        self.x11.XStringToKeysym.restype = ctypes.c_ulong
        for name in ('XDefaultRootWindow', 'XFlush', 'XCloseDisplay'):
            getattr(self.x11, name).argtypes = [ctypes.c_void_p]
        self.x11.XKeysymToKeycode.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
        self.x11.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]
        self.x11.XSetInputFocus.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_ulong]
        self.x11.XGetWindowAttributes.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.POINTER(Attributes)]
        self.x11.XQueryTree.argtypes = [ctypes.c_void_p, ctypes.c_ulong] + [ctypes.c_void_p] * 4
        self.test.XTestFakeKeyEvent.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]
        self.test.XTestFakeMotionEvent.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_ulong]
        self.test.XTestFakeButtonEvent.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]
        self.display = self.x11.XOpenDisplay(None)

    def close(self):
        self.x11.XCloseDisplay(self.display)

    def windows(self):
        """(id, width, height) of the windows that are shown."""
        root, parent, count = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_uint()
        children = ctypes.POINTER(ctypes.c_ulong)()
        self.x11.XQueryTree(self.display, self.x11.XDefaultRootWindow(self.display), ctypes.byref(root), ctypes.byref(parent),
                            ctypes.byref(children), ctypes.byref(count))
        for index in range(count.value):
            attributes = Attributes()
            self.x11.XGetWindowAttributes(self.display, children[index], ctypes.byref(attributes))
            if attributes.map_state == VIEWABLE:
                yield children[index], attributes.width, attributes.height

    def focus(self):
        """Gives the focus to the largest window, as a window manager would."""
        largest = max(self.windows(), key=lambda window: window[1] * window[2])
        self.x11.XSetInputFocus(self.display, largest[0], REVERT_TO_PARENT, CURRENT_TIME)
        self.x11.XSync(self.display, 0)
        time.sleep(0.1)

    def code(self, name):
        code = self.x11.XKeysymToKeycode(self.display, self.x11.XStringToKeysym(name.encode()))
        if code == 0:
            raise ValueError(f'there is no key {name}')
        return code

    def press(self, keys):
        """"ctrl+shift+Return"."""
        *held, last = keys.split('+')
        codes = [self.code(MODIFIERS[name]) for name in held] + [self.code(last)]
        for code in codes:
            self.test.XTestFakeKeyEvent(self.display, code, 1, CURRENT_TIME)
        for code in reversed(codes):
            self.test.XTestFakeKeyEvent(self.display, code, 0, CURRENT_TIME)
        self.x11.XSync(self.display, 0)
        time.sleep(BETWEEN_KEYS_S)

    def type(self, text):
        for character in text:
            name = NAMES.get(character, character)
            self.press(f'shift+{name}' if character in SHIFTED or character.isupper() else name)

    def drag(self, start, end):
        """The first button, from one (x, y) of the screen to another."""
        steps = 8
        for step in range(steps + 1 if start != end else 1):
            x, y = (round(a + (b - a) * step / steps) for a, b in zip(start, end))
            self.test.XTestFakeMotionEvent(self.display, -1, x, y, CURRENT_TIME)
            if step == 0:
                self.test.XTestFakeButtonEvent(self.display, 1, 1, CURRENT_TIME)
            self.x11.XSync(self.display, 0)
            time.sleep(BETWEEN_KEYS_S)
        self.test.XTestFakeButtonEvent(self.display, 1, 0, CURRENT_TIME)
        self.x11.XSync(self.display, 0)

    def click(self, place):
        self.drag(place, place)
