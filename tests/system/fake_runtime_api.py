"""A Runtime API that serves a bootstrap a few events and writes down what it answers."""

import os
import pathlib
import re
import socket
import struct
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = 20
MARKS_FD = 3


class Answer:
    """One request of the runtime: its path below /2018-06-01/runtime/, fields and body."""

    def __init__(self, method, path, fields, body):
        self.method = method
        self.path = path
        self.fields = fields
        self.body = body


class Served:
    """What came of it."""

    def __init__(self, answers, log, status, started_ns, mark_ns):
        self.answers = answers  # all but `next`
        self.log = log
        self.status = status  # None: it was still waiting for events, as it should
        self.started_ns = started_ns
        self.mark_ns = mark_ns  # None: none was written


class Connection:
    def __init__(self, accepted):
        self.socket = accepted
        self.file = accepted.makefile('rb')

    def read(self):
        """The next request; None at the end."""
        try:
            line = self.file.readline()
            if not line:
                return None
            fields = {}
            for field in iter(self.file.readline, b'\r\n'):
                name, _, value = field.decode('latin-1').partition(':')
                fields[name.lower()] = value.strip()
            body = self.file.read(int(fields.get('content-length', 0)))
        except ConnectionResetError:
            return None
        method, path, version = line.decode('ascii').split()
        assert version == 'HTTP/1.1' and fields['host'], line
        return Answer(method, re.sub('^/2018-06-01/runtime/', '', path), fields, body)

    def write(self, status, fields, body=b''):
        head = ''.join(f'{name}: {value}\r\n' for name, value in {**fields, 'Content-Length': len(body)}.items())
        self.socket.sendall(f'HTTP/1.1 {status}\r\n{head}\r\n'.encode('utf-8') + body)


def request_id(number):
    return f'00000000-0000-4000-8000-{number:012}'


def event_fields(number, more):
    return {
        'Content-Type': 'application/json',
        'Lambda-Runtime-Aws-Request-Id': request_id(number),
        'Lambda-Runtime-Deadline-Ms': int(time.time() * 1000) + 3000,
        'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:us-east-1:000000000000:function:hello',
        'Lambda-Runtime-Trace-Id': f'Root=1-{number:08x}-000000000000000000000000',
        **more,
    }


def answer_all(connection, events, fields, response_status):
    """Until the bootstrap is gone, or asks for an event more than there are."""
    answers = []
    number = 0
    while True:
        request = connection.read()
        if request is None:
            return answers, False
        if (request.method, request.path) != ('GET', 'invocation/next'):
            answers.append(request)
            connection.write(response_status, {}, b'{"status":"OK"}')
        elif number == len(events):
            return answers, True
        else:
            number += 1
            connection.write('200 OK', event_fields(number, fields), events[number - 1])


def launch(argv, folder, environment, marks):
    """Like the sandbox: with the marks pipe as descriptor 3, and no other."""
    reading, writing = os.pipe()
    process = subprocess.Popen(
        ['sh', '-c', f'exec "$@" {MARKS_FD}>&{writing} {writing}>&-' if marks else f'exec "$@" {MARKS_FD}>&-', 'sh', *argv],
        cwd=folder, env=environment, pass_fds=[writing] if marks else [],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    os.close(writing)
    return process, reading


def serve(argv, folder, handler, events, environment=None, fields=None, response_status='202 Accepted', marks=True):
    """Runs a bootstrap with these events (bytes) in a folder with the function's code."""
    with socket.create_server(('127.0.0.1', 0)) as listening:
        listening.settimeout(SECONDS)
        host, port = listening.getsockname()
        variables = {
            'AWS_LAMBDA_RUNTIME_API': f'{host}:{port}', '_HANDLER': handler, 'LAMBDA_TASK_ROOT': str(folder),
            'AWS_LAMBDA_FUNCTION_NAME': 'hello', 'AWS_LAMBDA_FUNCTION_VERSION': '$LATEST',
            'AWS_LAMBDA_FUNCTION_MEMORY_SIZE': '128', 'AWS_LAMBDA_LOG_GROUP_NAME': '/aws/lambda/hello',
            'AWS_LAMBDA_LOG_STREAM_NAME': '2026/01/01/[$LATEST]0', 'LANG': 'en_US.UTF-8', 'PATH': os.environ['PATH'],
            'PYTHONDONTWRITEBYTECODE': '1', 'TZ': ':UTC', **(environment or {}),
        }
        started_ns = time.monotonic_ns()
        process, marks_fd = launch(argv, folder, variables, marks)
        connection = Connection(listening.accept()[0])
        connection.socket.settimeout(SECONDS)
        answers, waits = answer_all(connection, events, fields or {}, response_status)
        if waits:
            process.kill()
        out, _ = process.communicate(timeout=SECONDS)
        mark = os.read(marks_fd, 64)
        os.close(marks_fd)
        connection.file.close()
        connection.socket.close()
    assert len(mark) in (0, 8), mark
    return Served(answers, out.decode('utf-8', 'replace'), None if waits else process.returncode,
                  started_ns, struct.unpack('<q', mark)[0] if mark else None)
