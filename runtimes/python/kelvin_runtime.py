"""Runs a Python function behind the Runtime API.

Every cold start waits for it, so it imports next to nothing, and leaves what only some functions
need to the modules beside it.
"""

import builtins
import posix
import sys
import time

import _socket

RUNTIME_DIR = __file__.rpartition("/")[0]
MARKS_FD = 3  # takes the instant at which the function's own code begins to load


def variable(name, default=""):
    return posix.environ.get(name.encode(), default.encode()).decode("utf-8", "surrogateescape")


def set_variable(name, value):
    # `os` copies the environment when it is imported, which may not have happened yet.
    if "os" in sys.modules:
        sys.modules["os"].environ[name] = value
    else:
        posix.environ[name.encode()] = value.encode()
        posix.putenv(name, value)


class Fault(Exception):
    """What the platform says is wrong with the function, in its own words."""

    def __init__(self, kind, message, trace=()):
        super().__init__(message)
        self.kind = kind
        self.trace = list(trace)


class Api:
    """One kept-alive connection to the Runtime API."""

    def __init__(self, address):
        host, _, port = address.rpartition(":")
        self.host = address
        self.socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        self.socket.connect((host, int(port)))
        self.socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)

    def receive(self, size):
        part = self.socket.recv(size)
        if not part:
            sys.exit("The Runtime API closed the connection")
        return part

    def call(self, line, fields="", body=None):
        """Returns status, fields by lower-case name, and body."""
        if body is not None:
            fields += f"Content-Length: {len(body)}\r\n"
        head = f"{line} HTTP/1.1\r\nHost: {self.host}\r\n{fields}\r\n".encode("latin-1", "replace")
        self.socket.sendall(head + body if body else head)
        data = self.receive(65536)
        end = data.find(b"\r\n\r\n")
        while end < 0:
            data += self.receive(65536)
            end = data.find(b"\r\n\r\n")
        status, *lines = data[:end].decode("latin-1").split("\r\n")
        answer = {}
        for text in lines:
            name, _, value = text.partition(":")
            answer[name.lower()] = value.strip()
        parts = [data[end + 4 :]]
        left = int(answer.get("content-length", 0)) - len(parts[0])
        while left > 0:
            parts.append(self.receive(min(left, 1 << 20)))
            left -= len(parts[-1])
        return int(status[9:12]), answer, b"".join(parts)

    def next(self):
        return self.call("GET /2018-06-01/runtime/invocation/next")

    def post(self, path, body, error_type=None):
        fields = "Content-Type: application/json\r\n"
        if error_type is not None:
            fields += f"Lambda-Runtime-Function-Error-Type: {error_type}\r\n"
        status, _, answer = self.call(f"POST /2018-06-01/runtime/{path}", fields, body)
        # Told that a result is too large, a runtime goes on.
        if status not in (202, 413):
            sys.exit(f"POST {path}: {status} {answer.decode('utf-8', 'replace')}")


class LambdaContext:
    def __init__(self, fields):
        self.aws_request_id = fields["lambda-runtime-aws-request-id"]
        self.log_group_name = variable("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = variable("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = variable("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = variable("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = fields.get("lambda-runtime-invoked-function-arn")
        self.tenant_id = fields.get("lambda-runtime-aws-tenant-id")
        self.client_context = None
        self.identity = None
        self._epoch_deadline_time_in_ms = int(fields.get("lambda-runtime-deadline-ms", 0))
        client = fields.get("lambda-runtime-client-context")
        cognito = fields.get("lambda-runtime-cognito-identity")
        if client or cognito:
            from kelvin_caller import make_client_context, make_identity

            self.client_context = make_client_context(client, decode)
            self.identity = make_identity(cognito, decode)

    def get_remaining_time_in_millis(self):
        return max(0, self._epoch_deadline_time_in_ms - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))

    def __repr__(self):
        values = (f"{name}={value}" for name, value in vars(self).items() if name[0] != "_")
        return f"LambdaContext([{','.join(values)}])"


# --- JSON: the C halves of the json module, which come without its 8 ms of imports ---


def default(value):
    decimal = sys.modules.get("decimal")
    if decimal is not None and isinstance(value, decimal.Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def decode_slowly(text):
    import json

    return json.loads(text)


def encode_slowly(value):
    import json

    return json.dumps(value, default=default, ensure_ascii=ASCII_ONLY).encode()


# The service's runtimes from 3.12 on leave other characters as they are.
ASCII_ONLY = sys.version_info < (3, 12)

try:
    import _json

    class Decoding:
        strict = True
        object_hook = object_pairs_hook = None
        parse_float = float
        parse_int = int
        parse_constant = {c: float(c) for c in ("NaN", "Infinity", "-Infinity")}.__getitem__
        memo = {}

    scan = _json.make_scanner(Decoding)
    encode_string = _json.encode_basestring_ascii if ASCII_ONLY else _json.encode_basestring

    def decode(data):
        text = data.decode().strip(" \t\n\r") if isinstance(data, bytes) else data
        try:
            value, end = scan(text, 0)
        except StopIteration:
            end = -1
        # What is wrong with it is json's to say.
        return value if end == len(text) else decode_slowly(text)

    def encode(value):
        encoder = _json.make_encoder(
            {}, default, encode_string, None, ": ", ", ", False, False, True
        )
        return "".join(encoder(value, 0)).encode()

    encode({"": [decode(b"1.5")]})
except (ImportError, AttributeError, TypeError):
    decode, encode = decode_slowly, encode_slowly


# --- the function ---

request_id = ""


def set_up_paths(task_root):
    lib = f"lib/python{sys.version_info[0]}.{sys.version_info[1]}"
    others = [path for path in sys.path if path != RUNTIME_DIR]
    layers = "/opt"
    if b"KELVIN_LAYERS" in posix.environ:  # there is no mount at /opt
        layers = posix.environ.pop(b"KELVIN_LAYERS").decode("utf-8", "surrogateescape")
        posix.unsetenv("KELVIN_LAYERS")
    sys.path[:] = [task_root, f"{layers}/python/{lib}/site-packages", f"{layers}/python", *others]
    if posix.environ.pop(b"KELVIN_SYSTEM_PACKAGES", b"") == b"1":
        posix.unsetenv("KELVIN_SYSTEM_PACKAGES")
        sys.path.append(f"{sys.prefix}/{lib}/site-packages")
        if sys.prefix == "/usr":
            sys.path += [f"/usr/local/{lib}/dist-packages", "/usr/lib/python3/dist-packages"]
    # Last, so that no module of the function is hidden by one of these.
    sys.path.append(RUNTIME_DIR)


class LoggingFinder:
    """Sets the root logger up when, and only when, the function imports logging."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != "logging":
            return None
        sys.meta_path.remove(LoggingFinder)
        for finder in sys.meta_path:
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                break
        else:
            return None
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            from kelvin_logging import set_up

            set_up(module, lambda: request_id)

        spec.loader.exec_module = exec_module
        return spec


def write_mark(api):
    # Where nothing was passed as descriptor 3, the first one that was opened got its number.
    if api.socket.fileno() == MARKS_FD:
        return
    try:
        posix.write(MARKS_FD, time.monotonic_ns().to_bytes(8, "little"))
        posix.close(MARKS_FD)
    except OSError:
        pass


def load_handler(handler):
    try:
        module_name, function_name = handler.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{handler}': {error}") from None
    name = module_name.replace("/", ".")
    if name.split(".")[0] in sys.builtin_module_names:
        raise Fault(
            "Runtime.BuiltInModuleConflict",
            f"Cannot use built-in module {module_name} as a handler module",
        )
    try:
        __import__(name)
    except ImportError as error:
        from kelvin_fault import explain_import_error

        message = f"Unable to import module '{module_name}': {explain_import_error(error)}"
        raise Fault("Runtime.ImportModuleError", message) from None
    except SyntaxError as error:
        raise Fault(
            "Runtime.UserCodeSyntaxError",
            f"Syntax error in module '{module_name}': {error}",
            [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'],
        ) from None
    try:
        return getattr(sys.modules[name], function_name)
    except AttributeError:
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise Fault("Runtime.HandlerNotFound", message) from None


def fail(api, path, error, for_request):
    from kelvin_fault import describe, log

    description = describe(error, for_request)
    flush()
    log(description)
    api.post(path, encode_slowly(description), description["errorType"])


def flush():
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):
        pass


def run(handler, event, context):
    try:
        event = decode(event)
    except Exception as error:
        raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from None
    result = handler(event, context)
    try:
        return encode(result)
    except Exception as error:
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {error}") from None


def take_recorder():
    """What records the imports, where the engine asks for that: the function can't tell."""
    mode = posix.environ.pop(b"KELVIN_RECORD_IMPORTS", b"").decode()
    if not mode:
        return None
    posix.unsetenv("KELVIN_RECORD_IMPORTS")
    try:
        from kelvin_imports import Recorder

        return Recorder(mode, MARKS_FD, encode)
    except OSError:
        return None


def tell(recorder, stage):
    if recorder is None:
        return None
    from kelvin_imports import send

    return send(recorder, stage)


def begin_init(api, recorder):
    if recorder is None:
        write_mark(api)
    else:
        recorder.start()


def serve(api, handler, recorder):
    global request_id

    while True:
        _, fields, event = api.next()
        recorder = tell(recorder, "init")
        request_id = fields["lambda-runtime-aws-request-id"]
        trace_id = fields.get("lambda-runtime-trace-id")
        if trace_id:
            set_variable("_X_AMZN_TRACE_ID", trace_id)
        try:
            body = run(handler, event, LambdaContext(fields))
        except Exception as error:
            fail(api, f"invocation/{request_id}/error", error, request_id)
        else:
            flush()
            api.post(f"invocation/{request_id}/response", body)
        recorder = tell(recorder, "end")


def main():
    # As the site module would, which isn't loaded.
    builtins.exit = builtins.quit = sys.exit
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)
    sys.meta_path.insert(0, LoggingFinder)
    recorder = take_recorder()
    set_up_paths(variable("LAMBDA_TASK_ROOT", "/var/task"))
    api = Api(variable("AWS_LAMBDA_RUNTIME_API"))
    begin_init(api, recorder)
    try:
        handler = load_handler(variable("_HANDLER"))
    except Exception as error:
        tell(recorder, "end")
        fail(api, "init/error", error, "")
        sys.exit(1)
    except BaseException:
        tell(recorder, "end")
        raise
    serve(api, handler, recorder)
