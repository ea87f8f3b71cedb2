// Runs a Node.js function behind the Runtime API. Every cold start waits for this, so it loads only
// what it needs at once; `http` would cost more than all of it.
'use strict';

const fs = require('fs');
const net = require('net');

const MARKS_FD = 3; // takes the instant at which the function's own code begins to load
const EXIT_UNHANDLED_REJECTION = 128;
const EXIT_UNCAUGHT_EXCEPTION = 129;

const api = { host: process.env.AWS_LAMBDA_RUNTIME_API, socket: null, waiting: null };
let recorder = null; // of imports, where the engine asks for that
let invocation = null; // the one that the handler is busy with
let requestId; // of the last invocation, for the log: `undefined` before the first

// Loaded when something failed.
const faults = () => require('./faults.cjs');

// --- log ---

function write(text) {
  let data = Buffer.from(text);

  while (data.length > 0) {
    try {
      data = data.subarray(fs.writeSync(1, data));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

function log(level, ...values) {
  const text = require('util').format(...values);

  write(`${new Date().toISOString()}\t${requestId}\t${level}\t${text}\n`);
}

// The standard console would load the streams behind process.stdout besides.
function setUpConsole() {
  console.log = (...values) => log('INFO', ...values);
  console.info = (...values) => log('INFO', ...values);
  console.debug = (...values) => log('DEBUG', ...values);
  console.warn = (...values) => log('WARN', ...values);
  console.error = (...values) => log('ERROR', ...values);
  console.trace = (...values) => log('TRACE', ...values);
  console.fatal = (...values) => log('FATAL', ...values);
}

// --- Runtime API: one connection, kept alive; one call at a time ---

function parseHead(head) {
  const fields = {};

  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    fields[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status: Number(head.slice(9, 12)), fields };
}

function takeHead(answer, chunk) {
  const data = answer.data ? Buffer.concat([answer.data, chunk]) : chunk;
  const end = data.indexOf('\r\n\r\n');

  answer.data = data;
  if (end < 0) return;
  Object.assign(answer, parseHead(data.latin1Slice(0, end)));
  answer.left = Number(answer.fields['content-length'] || 0);
  takeBody(answer, data.subarray(end + 4));
}

function takeBody(answer, chunk) {
  answer.parts.push(chunk);
  answer.left -= chunk.length;
}

function receive(chunk) {
  const answer = api.waiting;

  if (answer === null) return;
  if (answer.fields) takeBody(answer, chunk);
  else takeHead(answer, chunk);
  if (!answer.fields || answer.left > 0) return;
  api.waiting = null;
  const { parts } = answer;
  answer.callback(answer.status, answer.fields, parts.length > 1 ? Buffer.concat(parts) : parts[0]);
}

function call(line, fields, body, callback) {
  const length = body === null ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  const head = `${line} HTTP/1.1\r\nHost: ${api.host}\r\n${fields}${length}\r\n`;

  api.waiting = { callback, data: null, fields: null, parts: [], left: 0 };
  api.socket.ref();
  api.socket.write(body === null ? head : head + body);
}

function post(path, body, errorType, callback) {
  // What is no character of a field would end it.
  const type = errorType === null ? '' : String(errorType).replace(/[^\x20-\x7e]/g, '?');
  const field = type && `Lambda-Runtime-Function-Error-Type: ${type}\r\n`;

  call(
    `POST /2018-06-01/runtime/${path}`,
    `Content-Type: application/json\r\n${field}`,
    body,
    (status, _, answer) => {
      // Told that a result is too large, a runtime goes on.
      if (status !== 202 && status !== 413) leave(`POST ${path}: ${status} ${answer}`);
      callback();
    },
  );
}

function leave(reason) {
  write(`${reason}\n`);
  process.exit(1);
}

function connect(callback) {
  const [host, port] = api.host.split(':');

  api.socket = net.connect({ host, port: Number(port), noDelay: true }, callback);
  api.socket.on('data', receive);
  api.socket.on('error', (error) => leave(`Runtime API: ${error.message}`));
  api.socket.on('close', () => leave('The Runtime API closed the connection'));
}

// --- invocations ---

function makeContext(fields, current) {
  const deadline = Number(fields['lambda-runtime-deadline-ms']);
  const parse = (name) =>
    fields[name] && JSON.parse(Buffer.from(fields[name], 'latin1').toString('utf8'));

  return {
    get callbackWaitsForEmptyEventLoop() {
      return current.waitsForEmptyLoop;
    },
    set callbackWaitsForEmptyEventLoop(value) {
      current.waitsForEmptyLoop = value;
    },
    succeed: (result) => finish(current, null, result),
    fail: (error) => finish(current, error ?? 'handled', undefined),
    done: (error, result) => finish(current, error, result),
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parse('lambda-runtime-client-context'),
    identity: parse('lambda-runtime-cognito-identity'),
    invokedFunctionArn: fields['lambda-runtime-invoked-function-arn'],
    awsRequestId: fields['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function postError(current, error) {
  const { describe, logged } = faults();
  const description = describe(error);

  log('ERROR', 'Invoke Error', `\t${logged(error)}`);
  post(`invocation/${current.id}/error`, JSON.stringify(description), description.errorType, () =>
    setImmediate(goOn),
  );
}

function encode(result) {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch (error) {
    throw new (faults().MarshalError)(`Unable to stringify response body: ${error.message}`);
  }
}

// The first outcome counts.
function finish(current, error, result) {
  if (invocation !== current) return;
  invocation = null;
  if (error !== null && error !== undefined) {
    postError(current, error);
    return;
  }
  let body;
  try {
    body = encode(result);
  } catch (problem) {
    postError(current, problem);
    return;
  }
  post(`invocation/${current.id}/response`, body, null, goOn);
}

function goOn() {
  tell('end');
  next();
}

function callBack(current, error, result) {
  if (invocation !== current || current.outcome) return;
  current.outcome = [error, result];
  // As on the service: what the handler began may end first.
  if (!current.waitsForEmptyLoop) setImmediate(() => finish(current, error, result));
}

function invoke(handler, fields, body) {
  requestId = fields['lambda-runtime-aws-request-id'];
  const current = { id: requestId, waitsForEmptyLoop: true, outcome: null, isAsync: false };

  invocation = current;
  if (fields['lambda-runtime-trace-id'])
    process.env._X_AMZN_TRACE_ID = fields['lambda-runtime-trace-id'];
  // So that the loop runs empty when nothing is left to wait for.
  api.socket.unref();
  try {
    const context = makeContext(fields, current);
    const returned = handler(JSON.parse(body.toString('utf8')), context, (error, result) =>
      callBack(current, error, result),
    );
    if (typeof returned?.then === 'function') {
      current.isAsync = true;
      returned.then(
        (result) => finish(current, null, result),
        (error) => finish(current, error ?? new Error(String(error)), undefined),
      );
    }
  } catch (error) {
    finish(current, error ?? new Error(String(error)), undefined);
  }
}

// The loop ran empty. A handler that isn't asynchronous is done then, whatever it returned.
function runEmpty() {
  const current = invocation;

  if (current === null) return;
  if (current.outcome) finish(current, ...current.outcome);
  else if (current.isAsync) finish(current, new (faults().NodeJsExit)(), undefined);
  else finish(current, null, null);
}

let handler = null;

function next() {
  call('GET /2018-06-01/runtime/invocation/next', '', null, (status, fields, body) => {
    if (status !== 200) leave(`GET next: ${status} ${body}`);
    tell('init');
    invoke(handler, fields, body);
  });
}

// --- failures that no invocation can catch ---

// Tells the Runtime API where it isn't told yet, and exits.
function die(title, error, code) {
  const { describe, logged } = faults();
  const description = describe(error);
  const path = handler === null ? 'init/error' : `invocation/${requestId}/error`;
  const isFree = api.socket !== null && api.waiting === null && !api.dying;

  log('ERROR', title, `\t${logged(error)}`);
  tell('end');
  if (!isFree || (handler !== null && invocation === null)) process.exit(code);
  api.dying = true;
  invocation = null;
  post(path, JSON.stringify(description), description.errorType, () => process.exit(code));
}

// Whatever the function did to the runtime, it is served: the profile is then missing.
function tell(stage) {
  try {
    recorder?.send(stage);
  } catch {
    recorder = null;
  }
  if (stage === 'end') recorder = null;
}

// The function can't tell that it was asked for.
function takeRecorder() {
  const mode = process.env.KELVIN_RECORD_IMPORTS;

  if (!mode) return;
  delete process.env.KELVIN_RECORD_IMPORTS;
  try {
    const { Recorder } = require('./imports.cjs');
    recorder = new Recorder(mode, MARKS_FD);
    recorder.start(process.env.LAMBDA_TASK_ROOT);
  } catch {
    recorder = null;
  }
}

function writeMark() {
  const mark = Buffer.alloc(8);

  try {
    if (!fs.fstatSync(MARKS_FD).isFIFO()) return;
    mark.writeBigInt64LE(process.hrtime.bigint());
    fs.writeSync(MARKS_FD, mark);
    fs.closeSync(MARKS_FD);
  } catch {
    // Nobody asked for it.
  }
}

async function start() {
  const { loadHandler } = require('./handler.cjs');

  takeRecorder();
  if (recorder === null) writeMark();
  try {
    handler = await loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
  } catch (error) {
    die('Uncaught Exception', error, 1);
    return;
  }
  next();
}

setUpConsole();
process.on('beforeExit', runEmpty);
process.on('uncaughtException', (error) =>
  die('Uncaught Exception', error, EXIT_UNCAUGHT_EXCEPTION),
);
process.on('unhandledRejection', (reason) =>
  die(
    'Unhandled Promise Rejection',
    new (faults().UnhandledPromiseRejection)(reason),
    EXIT_UNHANDLED_REJECTION,
  ),
);
connect(start);
