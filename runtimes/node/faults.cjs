// Describes what went wrong, in the service's shapes. Loaded when something did.
'use strict';

const { isNativeError } = require('util').types;

// What the platform says is wrong with the function, in its own words.
class Fault extends Error {
  constructor(name, message) {
    super(message);
    Object.defineProperty(this, 'name', { value: name });
    // Taken again, for it begins with the name.
    Error.captureStackTrace(this, new.target);
  }
}

class ImportModuleError extends Fault {
  constructor(message) {
    super('Runtime.ImportModuleError', message);
  }
}

class HandlerNotFound extends Fault {
  constructor(message) {
    super('Runtime.HandlerNotFound', message);
  }
}

class MalformedHandlerName extends Fault {
  constructor(message) {
    super('Runtime.MalformedHandlerName', message);
  }
}

class UserCodeSyntaxError extends Fault {
  constructor(error) {
    super('Runtime.UserCodeSyntaxError', String(error));
    // The first lines say where in the function's code.
    this.stack = `${this.name}: ${error.stack}`;
  }
}

class MarshalError extends Fault {
  constructor(message) {
    super('Runtime.MarshalError', message);
  }
}

class NodeJsExit extends Fault {
  constructor() {
    super(
      'Runtime.NodeJsExit',
      "The event loop ran empty and the handler's promise was never settled",
    );
  }
}

class UnhandledPromiseRejection extends Fault {
  constructor(reason) {
    super('Runtime.UnhandledPromiseRejection', String(reason));
    if (isError(reason)) this.stack = `${this.name}: ${reason.stack}`;
  }
}

// Errors of another realm or library count as well.
function isError(value) {
  return (
    isNativeError(value) ||
    (typeof value === 'object' && value !== null && 'stack' in value && 'message' in value)
  );
}

function describe(error) {
  if (!isError(error)) return { errorType: typeof error, errorMessage: textOf(error), trace: [] };
  return {
    errorType: String(error.name),
    errorMessage: String(error.message),
    trace: String(error.stack || '').split('\n'),
  };
}

function textOf(value) {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

// As the log shows it: with what else the error carries.
function logged(error) {
  const { errorType, errorMessage, trace } = describe(error);
  const own = isError(error) ? { ...error } : {};

  try {
    return JSON.stringify({ errorType, errorMessage, ...own, stack: trace });
  } catch {
    return JSON.stringify({ errorType, errorMessage, stack: trace });
  }
}

module.exports = {
  HandlerNotFound,
  ImportModuleError,
  MalformedHandlerName,
  MarshalError,
  NodeJsExit,
  UnhandledPromiseRejection,
  UserCodeSyntaxError,
  describe,
  logged,
};
