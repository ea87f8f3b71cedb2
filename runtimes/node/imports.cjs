// Records which modules init code loads, and what each takes. Loaded when an import profile is taken.
//
// CommonJS: it stands around Module._load, and notes a module when Module.prototype.load really
// loads one. ES modules: a loader hook puts a call before and after the code of each, on lines that
// are there already, so that its own time is known; who imports whom comes from the same hook.
// Everything but instants is looked up when the first event has arrived, which is when init is over.
'use strict';

const fs = require('fs');
const Module = require('module');
const path = require('path');
const { threadId } = require('worker_threads');

const MOST_RECORDS = 20000;
const MOST_FILES = 20000;
const LONGEST_NAME = 500;
const LONGEST_PATH = 4000;
const CALIBRATION_ROUNDS = 200;
const STACK_DEPTH = 12;
const CALLS = Symbol.for('kelvin.imports');

const now = () => process.hrtime.bigint();

function sameFile(descriptor, identity) {
  const { dev, ino } = fs.fstatSync(descriptor);

  return dev === identity.dev && ino === identity.ino;
}

// Half a character would be no JSON.
const wellFormed = (text) => text.replace(/\p{Surrogate}/gu, '\ufffd');

// --- CommonJS ---

class Record {
  constructor(name, parent) {
    this.name = name;
    this.parent = parent;
    this.start = now();
    this.end = 0n;
    this.loaded = 0n;
    this.file = null;
    this.kind = 'other';
    this.stack = null;
    this.importer = null;
    this.line = 0;
    this.failed = true;
    this.memory = 0;
  }
}

// Module._load with a record of each module that isn't there yet.
function makeLoad(original, recorder) {
  const seen = new Set();

  return function load(request, parent, isMain) {
    const record = new Record(request, recorder.current);
    const before = recorder.current;

    recorder.current = record;
    if (recorder.memory) record.memory = -recorder.memory();
    try {
      const loaded = original.call(this, request, parent, isMain);
      record.failed = false;
      return loaded;
    } catch (error) {
      // One that isn't there was looked for, which takes time as well.
      if (record.file === null && recorder.records.length < MOST_RECORDS) recorder.add(record);
      throw error;
    } finally {
      record.end = now();
      if (recorder.memory) record.memory += recorder.memory();
      recorder.current = before;
      // What the bootstrap asks for itself is in every start.
      const isOurs = parent?.filename?.startsWith(__dirname);
      if (record.file === null && !record.failed && !isOurs && Module.isBuiltin(request)) {
        const name = request.startsWith('node:') ? request : `node:${request}`;
        if (!seen.has(name)) {
          seen.add(name);
          record.name = name;
          record.kind = 'built-in';
          record.stack = recorder.takeStack();
          recorder.add(record);
        }
      }
    }
  };
}

function makeModuleLoad(original, recorder) {
  return function load(filename) {
    const record = recorder.current;

    if (record !== null && record.file === null) {
      record.file = filename;
      record.kind = { '.json': 'json', '.node': 'native' }[path.extname(filename)] ?? 'commonjs';
      record.stack = recorder.takeStack();
      recorder.add(record);
    }
    return original.call(this, filename);
  };
}

function makeCompile(original, recorder) {
  return function _compile(content, filename, ...more) {
    const record = recorder.current;

    if (record !== null && record.file === filename && record.loaded === 0n) record.loaded = now();
    return original.call(this, content, filename, ...more);
  };
}

// --- ES modules ---

// Runs in the loader's own thread: so it is a text, and what it tells comes by a port.
const HOOKS = `
let port;
const sources = new Map();
export function initialize(data) { port = data.port; }
function lineOf(source, specifier) {
  for (const quote of ['"', "'"]) {
    const at = source.indexOf(quote + specifier + quote);
    if (at >= 0) return source.slice(0, at).split('\\n').length;
  }
  return 0;
}
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  if (context.parentURL && found.url.startsWith('file:'))
    port.postMessage([found.url, context.parentURL, lineOf(sources.get(context.parentURL) ?? '', specifier)]);
  return found;
}
export async function load(url, context, next) {
  const found = await next(url, context);
  if (found.format !== 'module' || found.source == null || !url.startsWith('file:')) return found;
  const source = typeof found.source === 'string' ? found.source : new TextDecoder().decode(found.source);
  if (source.startsWith('#!')) return found;
  sources.set(url, source);
  const name = JSON.stringify(url);
  const calls = "globalThis[Symbol.for('kelvin.imports')]";
  return { ...found, source: calls + '?.begin(' + name + ');' + source + '\\n;' + calls + '?.end(' + name + ');' };
}
`;

function registerHooks(recorder) {
  if (typeof Module.register !== 'function') return;
  const { MessageChannel } = require('worker_threads');
  const { port1, port2 } = new MessageChannel();

  Module.register(`data:text/javascript,${encodeURIComponent(HOOKS)}`, {
    data: { port: port2 },
    transferList: [port2],
  });
  port1.unref();
  recorder.port = port1;
  Object.defineProperty(globalThis, CALLS, {
    configurable: true,
    enumerable: false,
    value: {
      begin: (url) => recorder.beginModule(url),
      end: (url) => recorder.endModule(url),
    },
  });
}

// --- what was opened ---

function noteOpened(recorder) {
  const note = (file) => {
    if (recorder.opened.size >= MOST_FILES) return;
    const name = file instanceof URL ? file.pathname : file;
    if (typeof name === 'string') recorder.opened.add(path.resolve(name));
  };
  const watch = (object, names) => {
    for (const name of names) {
      const original = object[name];
      object[name] = function watched(file, ...rest) {
        note(file);
        return original.call(this, file, ...rest);
      };
    }
  };

  watch(fs, ['open', 'openSync', 'readFile', 'readFileSync', 'createReadStream']);
  watch(fs.promises, ['open', 'readFile']);
}

// The manifests that were read to find a module, which the loader does by itself.
function addManifests(opened, root) {
  for (const file of [...opened]) {
    let folder = path.dirname(file);
    while (folder.startsWith(root) && folder.length >= root.length) {
      const manifest = path.join(folder, 'package.json');
      if (fs.existsSync(manifest)) {
        opened.add(manifest);
        break;
      }
      folder = path.dirname(folder);
    }
  }
}

// --- the recorder ---

class Recorder {
  constructor(mode, descriptor) {
    this.descriptor = descriptor;
    this.identity = fs.fstatSync(descriptor);
    this.records = [];
    this.current = null;
    this.modules = new Map(); // URL → record of an ES module
    this.importers = new Map(); // URL → [URL, line]: who imported it first
    this.memory = mode === 'files' ? () => process.memoryUsage.rss() : null;
    this.opened = mode === 'files' ? new Set() : null;
    this.port = null;
    this.sent = 0;
    this.mark = 0n;
  }

  start(root) {
    this.root = root;
    if (this.opened) noteOpened(this);
    registerHooks(this);
    Module._load = makeLoad(Module._load, this);
    Module.prototype.load = makeModuleLoad(Module.prototype.load, this);
    Module.prototype._compile = makeCompile(Module.prototype._compile, this);
    const mark = Buffer.alloc(8);
    this.mark = now();
    mark.writeBigInt64LE(this.mark);
    fs.writeSync(this.descriptor, mark);
  }

  add(record) {
    if (this.records.length < MOST_RECORDS) this.records.push(record);
  }

  // Frames are looked at when they are needed; taking them is cheap.
  takeStack() {
    const limit = Error.stackTraceLimit;
    const holder = {};

    Error.stackTraceLimit = STACK_DEPTH;
    Error.captureStackTrace(holder, this.takeStack);
    Error.stackTraceLimit = limit;
    return holder;
  }

  beginModule(url) {
    const record = new Record(url, null);

    record.loaded = record.start;
    record.kind = 'es-module';
    record.memory = null; // others may run before its code does
    record.outer = this.current;
    this.modules.set(url, record);
    this.current = record;
    this.add(record);
  }

  endModule(url) {
    const record = this.modules.get(url);

    if (record === undefined) return;
    record.end = now();
    record.failed = false;
    this.current = record.outer;
  }

  drainPort() {
    const { receiveMessageOnPort } = require('worker_threads');

    for (let got; this.port && (got = receiveMessageOnPort(this.port)); ) {
      const [url, importer, line] = got.message;
      if (!this.importers.has(url)) this.importers.set(url, [importer, line]);
    }
  }

  // ES modules are evaluated before those that import them: whoever reads a tree means them to be
  // part of those. Reading and linking them all is the first one's.
  placeModules() {
    const { fileURLToPath, pathToFileURL } = require('url');
    const before = this.records.filter((record) => record.kind === 'es-module');

    for (const record of this.records) {
      const url = record.kind === 'es-module' ? record.name : record.file && pathToFileURL(record.file).href;
      const [importer, line] = this.importers.get(url) ?? [];
      const parent = this.modules.get(importer);
      if (record.kind !== 'es-module' && (record.parent !== null || parent === undefined)) continue;
      if (parent !== undefined && parent !== record) {
        record.parent = parent;
        record.importer = fileURLToPath(importer);
        record.line = line;
      }
      if (record.kind === 'es-module') record.file = fileURLToPath(record.name.split('?')[0]);
    }
    for (const record of before) {
      if (record.end === 0n) record.end = now();
      for (let at = record, up = record.parent, n = 0; up && n < 400; at = up, up = up.parent, n++)
        if (at.start < up.start) up.start = at.start;
    }
    const root = before.at(-1);
    if (root !== undefined && root.parent === null && this.sent === 0) root.start = this.mark;
  }

  nameOf(record) {
    if (record.file === null) return record.name;
    const inside = record.file.startsWith(`${this.root}/`) ? record.file.slice(this.root.length + 1) : record.file;
    const at = inside.lastIndexOf('node_modules/');
    return at < 0 ? inside : inside.slice(at + 'node_modules/'.length);
  }

  // Whose statement it was: the first frame that is a file's other than the runtime's.
  locate(record) {
    const { fileURLToPath } = require('url');
    if (record.importer !== null) return [record.importer, record.line];
    const prepare = Error.prepareStackTrace;
    let frames = [];
    try {
      Error.prepareStackTrace = (_, sites) => sites;
      frames = record.stack?.stack ?? [];
    } finally {
      Error.prepareStackTrace = prepare;
    }
    for (const site of Array.isArray(frames) ? frames : []) {
      const name = site.getFileName();
      const file = name?.startsWith('file:') ? fileURLToPath(name) : name;
      if (file?.startsWith('/') && file !== __filename) return [file, site.getLineNumber()];
    }
    return [null, 0];
  }

  describe(record, numbers) {
    const [importer, line] = this.locate(record);
    const since = (instant) => Number(instant > this.mark ? instant - this.mark : 0n);
    let size = null;
    try {
      if (record.file !== null) size = fs.statSync(record.file).size;
    } catch {
      // It is gone.
    }
    return [
      wellFormed(String(this.nameOf(record)).slice(0, LONGEST_NAME)),
      record.parent === null ? -1 : (numbers.get(record.parent) ?? -1),
      since(record.start),
      since(record.end),
      since(record.loaded),
      0,
      record.kind,
      record.file?.slice(0, LONGEST_PATH) ?? null,
      size,
      importer?.slice(0, LONGEST_PATH) ?? null,
      line ?? 0,
      this.memory && record.memory !== null ? Math.trunc(record.memory) : null,
      record.failed,
      threadId !== 0,
    ];
  }

  // Each after the one that it is part of.
  arrange() {
    const placed = new Set();
    const inOrder = [];
    const place = (record, depth) => {
      if (record === null || placed.has(record) || depth > 400) return;
      place(record.parent, depth + 1);
      if (placed.has(record)) return;
      placed.add(record);
      inOrder.push(record);
    };

    for (const record of [...this.records].sort((a, b) => Number(a.start - b.start))) place(record, 0);
    return inOrder;
  }

  send(stage) {
    this.drainPort();
    this.placeModules();
    const all = this.sent === 0 ? this.arrange() : [...this.known, ...this.records.slice(this.sent)];
    const numbers = new Map(all.map((record, number) => [record, number]));
    const report = {
      stage,
      imports: all.slice(this.sent).map((record) => this.describe(record, numbers)),
      full: this.records.length >= MOST_RECORDS,
      costNs: this.measureCost(),
    };

    this.known = all;
    this.sent = all.length;
    if (stage === 'end' && this.opened) {
      for (const record of all) if (record.file) this.opened.add(record.file);
      addManifests(this.opened, this.root);
      report.opened = [...this.opened].map((file) => file.slice(0, LONGEST_PATH));
    }
    this.write(Buffer.from(JSON.stringify(report)));
    if (stage === 'end') delete globalThis[CALLS];
  }

  write(body) {
    // A function that closes whatever is open may have a file of its own there now.
    if (!sameFile(this.descriptor, this.identity)) return;
    const head = Buffer.alloc(4);
    head.writeUInt32LE(body.length);
    for (let data = Buffer.concat([head, body]); data.length > 0; ) data = data.subarray(fs.writeSync(this.descriptor, data));
  }

  // Nanoseconds that a record costs.
  measureCost() {
    const other = Object.assign(Object.create(Recorder.prototype), { records: [], current: null, memory: null });
    const nothing = makeModuleLoad(() => {}, other);
    const load = makeLoad((request) => nothing(request), other);
    const begin = now();
    for (let i = 0; i < CALIBRATION_ROUNDS; i++) load(`/calibration/${i}`);
    return Number((now() - begin) / BigInt(CALIBRATION_ROUNDS));
  }
}

module.exports = { Recorder };
