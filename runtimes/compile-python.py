#!/usr/bin/env python3
"""Compiles Python's bootstrap ahead: compile-python.py FOLDER [STAMP] -- INTERPRETER…

An interpreter that finds no bytecode of its version compiles at every cold start, which works as
well and costs about 2 ms. Run by `meson install`, it compiles what lies below DESTDIR.
"""

import os
import subprocess
import sys

# Not compared with its source at each start: whoever changes the source compiles again.
COMPILE = """
import glob, py_compile, sys
for source in glob.glob(sys.argv[1] + "/kelvin_*.py"):
    py_compile.compile(source, doraise=True,
                       invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
"""


def main(folder, *rest):
    split = rest.index("--")
    if "MESON_INSTALL_PREFIX" in os.environ:
        folder = os.environ.get("DESTDIR", "") + folder
    for interpreter in rest[split + 1 :]:
        subprocess.run([interpreter, "-I", "-S", "-c", COMPILE, folder], check=True)
    for stamp in rest[:split]:
        with open(stamp, "w", encoding="utf-8"):
            pass


main(*sys.argv[1:])
