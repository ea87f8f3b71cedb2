"""Attacks on the Runtime API of its own sandbox."""

import http.client
import os
import socket
import time

from table import CONTAINED, KILLED, row

NOBODY = 'there is no Runtime API outside'
FORGED = '00000000-0000-0000-0000-000000000000'


def post(path, body):
    link = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'], timeout=5)
    link.request('POST', '/2018-06-01/runtime' + path, body)
    return link.getresponse().status


def answer_to(text):
    """The first line of what the Runtime API says to these bytes; nothing when it hangs up."""
    host, port = os.environ['AWS_LAMBDA_RUNTIME_API'].split(':')
    with socket.create_connection((host, int(port)), timeout=3) as link:
        try:
            link.sendall(text)
            link.shutdown(socket.SHUT_WR)
            return link.recv(4096).split(b'\r\n')[0].decode('latin-1')
        except ConnectionError:
            return ''


def is_refusal(line):
    return line == '' or line.split()[1][0] in '45'


@row('answer for a request that never was', must=CONTAINED, outside=NOBODY, holds=lambda status: status == 400)
def forged_request(given):
    return post(f'/invocation/{FORGED}/response', b'"forged"')


@row('report an error for a request that never was', must=CONTAINED, outside=NOBODY,
     holds=lambda status: status == 400)
def forged_error(given):
    return post(f'/invocation/{FORGED}/error', b'{}')


@row('send no HTTP to the Runtime API', must=CONTAINED, outside=NOBODY, holds=is_refusal)
def no_http(given):
    return answer_to(bytes(range(256)) * 16 + b'\r\n\r\n')


@row('send a header without end', must=CONTAINED, outside=NOBODY, holds=is_refusal)
def huge_header(given):
    return answer_to(b'GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nA: ' + b'x' * (4 << 20) + b'\r\n\r\n')


@row('claim a body of more bytes than numbers have', must=CONTAINED, outside=NOBODY, holds=is_refusal)
def huge_length(given):
    path = f'/2018-06-01/runtime/invocation/{FORGED}/response'.encode()
    return answer_to(b'POST ' + path + b' HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\nx')


@row('begin requests and never end them', must=CONTAINED, outside=NOBODY, holds=lambda made: made > 0)
def slow_requests(given):
    host, port = os.environ['AWS_LAMBDA_RUNTIME_API'].split(':')
    links = []
    try:
        for _ in range(500):
            links.append(socket.create_connection((host, int(port)), timeout=1))
            links[-1].sendall(b'GET /2018-06-01/runtime/invo')
    except OSError:
        pass
    made = len(links)
    for link in links:
        link.close()
    return made


@row('answer twice', must=CONTAINED, outside=NOBODY, holds=lambda answer: answer == 'the first')
def answer_twice(given):
    for text in ('the first', 'the second'):
        post(f"/invocation/{given['request']}/response", b'{"reached": "%s"}' % text.encode())
    return 'the third'


@row('answer, and then report an error', must=CONTAINED, outside=NOBODY, holds=lambda answer: answer == 'well')
def answer_and_fail(given):
    post(f"/invocation/{given['request']}/response", b'{"reached": "well"}')
    return post(f"/invocation/{given['request']}/error", b'{"errorType": "Forged"}')


@row('answer for a request beside its own', must=CONTAINED, outside=NOBODY, holds=lambda status: status == 400)
def different_request(given):
    digit = '0' if given['request'][-1] != '0' else '1'
    return post(f"/invocation/{given['request'][:-1]}{digit}/response", b'"for another"')


@row('send a body slower than anybody waits', must=KILLED, outside=NOBODY, timeout=1)
def slow_body(given):
    host, port = os.environ['AWS_LAMBDA_RUNTIME_API'].split(':')
    path = f"/2018-06-01/runtime/invocation/{given['request']}/response".encode()
    with socket.create_connection((host, int(port))) as link:
        link.sendall(b'POST ' + path + b' HTTP/1.1\r\nContent-Length: 1000\r\n\r\n')
        while True:
            link.sendall(b'x')
            time.sleep(0.1)


@row('send a body without end', must=CONTAINED, outside=NOBODY, holds=lambda sent: sent < 64)
def endless_body(given):
    """Megabytes that were taken before it was hung up."""
    host, port = os.environ['AWS_LAMBDA_RUNTIME_API'].split(':')
    path = f'/2018-06-01/runtime/invocation/{FORGED}/response'.encode()
    sent = 0
    with socket.create_connection((host, int(port)), timeout=2) as link:
        try:
            link.sendall(b'POST ' + path + b' HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n')
            while sent < 64:
                link.sendall(b'100000\r\n' + b'x' * (1 << 20) + b'\r\n')
                sent += 1
        except OSError:
            pass
    return sent


@row('hide a request in another one', must=CONTAINED, outside=NOBODY, holds=is_refusal)
def smuggled_request(given):
    path = f'/2018-06-01/runtime/invocation/{FORGED}/response'.encode()
    return answer_to(b'POST ' + path + b' HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n'
                     b'0\r\n\r\nGET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n\r\n')
