// Finds and loads a function's handler: CommonJS and ES modules, told apart as Node.js does.
'use strict';

const fs = require('fs');
const path = require('path');

const faults = () => require('./faults.cjs');

// "src/app.handler" → src, app, handler
function splitName(name) {
  const base = path.basename(name);
  const dot = base.indexOf('.');

  if (name.includes('..'))
    throw new (faults().MalformedHandlerName)(
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  if (dot < 0) throw new (faults().MalformedHandlerName)('Bad handler');
  return [name.slice(0, name.length - base.length), base.slice(0, dot), base.slice(dot + 1)];
}

function isFile(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

// What the nearest package.json says about the kind of a .js file.
function isInModulePackage(file) {
  const folder = path.dirname(file);
  const manifest = path.join(folder, 'package.json');

  if (isFile(manifest)) {
    try {
      return JSON.parse(fs.readFileSync(manifest, 'utf8')).type === 'module';
    } catch {
      return false;
    }
  }
  return folder !== path.dirname(folder) && isInModulePackage(folder);
}

function importFile(file) {
  return import(require('url').pathToFileURL(file).href);
}

// A promise for ES modules, the module itself for others.
function loadModule(root, folder, name) {
  const file = path.resolve(root, folder, name);

  if (isFile(file)) return require(file);
  if (isFile(`${file}.js`))
    return isInModulePackage(`${file}.js`) ? importFile(`${file}.js`) : require(`${file}.js`);
  if (isFile(`${file}.mjs`)) return importFile(`${file}.mjs`);
  if (isFile(`${file}.cjs`)) return require(`${file}.cjs`);
  return require(require.resolve(name, { paths: [root, path.join(root, folder)] }));
}

// "Cannot find module 'x'" and "Cannot find package 'x' imported from …" name it alike.
function missingPackage(error) {
  const match = /^Cannot find (?:module|package) '([^'./][^']*)'/.exec(error.message);

  return match === null
    ? null
    : match[1].split('/').slice(0, match[1].startsWith('@') ? 2 : 1).join('/');
}

function explain(error, root) {
  const name = missingPackage(error);
  let named = false;

  try {
    const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
    named = name !== null && name in { ...manifest.optionalDependencies, ...manifest.dependencies };
  } catch {
    // No manifest that could name it.
  }
  return named
    ? `${error} (package.json names ${name}, but it isn't installed: run 'npm install' in the function's folder)`
    : String(error);
}

function asFault(error, root) {
  if (error instanceof SyntaxError) return new (faults().UserCodeSyntaxError)(error);
  if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND')
    return new (faults().ImportModuleError)(explain(error, root));
  return error;
}

async function loadHandler(root, name) {
  const [folder, module, handlerName] = splitName(name);
  let found;

  try {
    found = await loadModule(root, folder, module);
  } catch (error) {
    throw asFault(error, root);
  }
  for (const part of handlerName.split('.')) found = found?.[part];
  if (found === undefined || found === null)
    throw new (faults().HandlerNotFound)(`${name} is undefined or not exported`);
  if (typeof found !== 'function')
    throw new (faults().HandlerNotFound)(`${name} is not a function`);
  return found;
}

module.exports = { loadHandler };
