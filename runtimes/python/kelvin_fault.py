"""Describes what went wrong, in the service's shapes. Loaded when something did."""

import posix
import sys
import traceback

from kelvin_runtime import Fault

INDENT = "\u00a0\u00a0"  # the log's, as on the service: spaces would be trimmed on the way


def text_of(error):
    try:
        return str(error)
    except Exception:
        return f"<{type(error).__name__}, whose text can't be made>"


def trace_of(error):
    frames = traceback.extract_tb(error.__traceback__)
    runtime_dir = __file__.rpartition("/")[0] + "/"
    while frames and frames[0].filename.startswith(runtime_dir):
        frames.pop(0)
    # As plain tuples: without the markers below a line that newer versions add.
    return traceback.format_list([tuple(frame)[:4] for frame in frames])


def describe(error, request_id):
    is_fault = isinstance(error, Fault)
    return {
        "errorMessage": text_of(error),
        "errorType": error.kind if is_fault else type(error).__name__,
        "requestId": request_id,
        "stackTrace": error.trace if is_fault else trace_of(error),
    }


def log(description):
    lines = [
        f"[ERROR] {description['errorType']}: {description['errorMessage']}",
        "Traceback (most recent call last):",
    ]
    for entry in description["stackTrace"]:
        for line in entry.splitlines():
            text = line.lstrip(" ")
            lines.append(INDENT * ((len(line) - len(text)) // 2) + text)
    data = ("\n".join(lines) + "\n").encode("utf-8", "replace")
    while data:
        data = data[posix.write(1, data) :]


def names_module(line, module):
    """Does this line of a requirements.txt stand for that module, as far as names can tell?"""
    name = line.split("#")[0].strip()
    for mark in "[<>=!~; @":
        name = name.split(mark)[0]
    return name.replace("-", "_").replace(".", "_").lower() == module.replace(".", "_").lower()


def explain_import_error(error):
    text = text_of(error)
    module = (getattr(error, "name", None) or "").split(".")[0]
    if not module or not isinstance(error, ModuleNotFoundError):
        return text
    try:
        with open(sys.path[0] + "/requirements.txt", encoding="utf-8") as requirements:
            named = any(names_module(line, module) for line in requirements)
    except (OSError, UnicodeDecodeError):
        named = False
    if not named:
        return text
    return (
        f"{text} (requirements.txt names it, but it isn't installed: run"
        " 'pip install --target . -r requirements.txt' in the function's folder)"
    )
