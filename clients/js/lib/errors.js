'use strict'

/**
 * An error of this package or of the service. `code` says what it means for the caller:
 * UNREACHABLE: nothing was sent. LOST: the connection ended before the answer, so what was asked may be done or not.
 * NO_IDENTITY: the service runs and has no identity of that name. REMOTE: the service answered with this error; `name` is its name for it. SHRANK: the log is shorter than it was.
 * CLOSED: the client was closed. USAGE: the call itself is wrong.
 */
class FlumeError extends Error {
  constructor (code, message, name) {
    super(message)
    this.code = code
    if (name) this.name = name
  }
}

/** The error that a service sent as {message, name, stack}. */
function remote (sent) {
  const isObject = sent !== null && typeof sent === 'object'
  const message = isObject ? String(sent.message) : String(sent)
  // muxrpc says this in the message alone.
  const name = /^no (async|sync|source|sink|duplex):/.test(message) ? 'NoSuchMethodError' : isObject && sent.name ? String(sent.name) : 'Error'
  const error = new FlumeError('REMOTE', message, name)
  // flumedb's views look for this code to drop what was deleted.
  if (error.name === 'flumelog:deleted') error.code = error.name
  return error
}

module.exports = { FlumeError, remote }
