'use strict'
// muxrpc over one connected socket.

const { Decoder, GOODBYE, encode, encodeCall } = require('./packets')
const { FlumeError, remote } = require('./errors')

/**
 * Calls and streams over one socket. When the socket ends, everything that has no answer yet fails with code LOST. The socket
 * keeps the process from ending only while a call has no answer, or a stream is open that does not rest.
 * The bytes of a socket come in order for all its streams, so whoever pauses one pauses all: open one stream a session.
 */
class Session {
  constructor (socket) {
    this._socket = socket
    this._next = 1
    this._calls = new Map()
    this._streams = new Map()
    this.closed = new Promise((resolve) => { this._onClosed = resolve })
    this.isOpen = true
    this._holds = 0
    socket.unref()
    const decoder = new Decoder((packet) => this._receive(packet))
    socket.on('data', (chunk) => this._guard(() => decoder.push(chunk)))
    socket.on('error', (error) => this._fail(error))
    socket.on('close', () => this._fail(null))
  }

  /** Calls an async method; `args` is an array, or its JSON text; `cb(error, value)`. */
  call (path, args, cb) {
    if (!this.isOpen) return cb(lost('the connection is closed'))
    const request = this._next++
    this._calls.set(request, cb)
    this.hold()
    this._socket.write(encodeCall(request, path, args))
  }

  /**
   * Opens a source or sink. `handlers.item(value)` is called for each item, `handlers.end(error)` once at the end, with null
   * when it was a good one.
   */
  open (type, path, args, handlers) {
    const request = this._next++
    const stream = new Stream(this, request, handlers)
    if (!this.isOpen) {
      process.nextTick(() => stream.finish(lost('the connection is closed')))
      return stream
    }
    this._streams.set(request, stream)
    stream.wake()
    this._socket.write(encode(request, { stream: true }, { name: path, type, args }))
    return stream
  }

  /** Says goodbye, and resolves when the connection has ended. */
  close () {
    if (this.isOpen) {
      this.hold()
      this._socket.end(GOODBYE)
    }
    return this.closed
  }

  /** Ends the connection at once. */
  destroy () {
    this._socket.destroy()
  }

  write (bytes) {
    return bytes === null || !this.isOpen || this._socket.write(bytes)
  }

  forget (request) {
    this._streams.delete(request)
  }

  /** One more reason for the process to go on. */
  hold () {
    if (this._holds++ === 0) this._socket.ref()
  }

  /** One reason less. */
  release () {
    if (--this._holds === 0) this._socket.unref()
  }

  pause () {
    this._socket.pause()
  }

  resume () {
    this._socket.resume()
  }

  /** Calls back when more should be written: soon, when nothing waits to be sent. */
  onDrain (fn) {
    if (this._socket.writableNeedDrain) this._socket.once('drain', fn)
    else setImmediate(fn)
  }

  _receive (packet) {
    if (packet.goodbye) return this._socket.end(GOODBYE)
    // Requests of the service to us: we serve nothing, and it makes none.
    if (packet.request >= 0) return
    if (packet.stream) return this._receiveOfStream(packet)
    const cb = this._calls.get(-packet.request)
    if (!cb) return
    this._calls.delete(-packet.request)
    this.release()
    if (packet.end) cb(remote(packet.value))
    else cb(null, packet.value)
  }

  _receiveOfStream (packet) {
    const stream = this._streams.get(-packet.request)
    if (!stream) return
    if (!packet.end) stream.receive(packet.value)
    else stream.receiveEnd(packet.value)
  }

  _guard (work) {
    try {
      work()
    } catch (error) {
      this._fail(error)
      this._socket.destroy()
    }
  }

  _fail (cause) {
    if (!this.isOpen) return
    this.isOpen = false
    const error = lost(cause ? cause.message : 'the service closed it')
    for (const cb of this._calls.values()) cb(error)
    for (const stream of this._streams.values()) stream.finish(error)
    this._calls.clear()
    this._streams.clear()
    this._onClosed()
  }
}

/** One stream of a session: each side sends exactly one end. */
class Stream {
  constructor (session, request, handlers) {
    this._session = session
    this._request = request
    this._handlers = handlers
    this._weEnded = false
    this._finished = false
    this._holds = false
  }

  /** The process may end although this stream is open, until `wake`. */
  rest () {
    if (this._holds) this._session.release()
    this._holds = false
  }

  wake () {
    if (!this._holds && !this._finished) this._session.hold()
    this._holds = !this._finished
  }

  /** Sends an item of a sink; false when the caller should wait for `onDrain`. */
  write (value) {
    return this._session.write(encode(this._request, { stream: true }, value))
  }

  onDrain (fn) {
    this._session.onDrain(fn)
  }

  /** Ends our side: of a sink after its items, of a source to abort it. */
  end (error) {
    if (this._weEnded) return
    this._weEnded = true
    const value = error ? { message: error.message, name: error.name, stack: error.stack } : true
    this._session.write(encode(this._request, { stream: true, end: true }, value))
  }

  pause () {
    this._session.pause()
  }

  resume () {
    this._session.resume()
  }

  receive (value) {
    if (!this._weEnded || !this._handlers.isSource) this._handlers.item(value)
  }

  receiveEnd (value) {
    this._session.forget(this._request)
    this.end()
    this.finish(value === true ? null : remote(value))
  }

  finish (error) {
    if (this._finished) return
    this._finished = true
    this.rest()
    this._handlers.end(error)
  }
}

function lost (why) {
  return new FlumeError('LOST', `The connection to Flume ended before the answer: ${why}.`)
}

module.exports = { Session }
