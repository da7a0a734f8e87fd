'use strict'

const fs = require('fs')
const net = require('net')
const path = require('path')
const { FlumeError } = require('./errors')
const { Session } = require('./session')
const { Backoff } = require('./backoff')
const { BufferRecords } = require('./records')

/**
 * A way to one identity over its unix socket. Calls share one connection, which is made again when it is lost; each stream
 * has a connection of its own, so that a slow reader slows down nothing else.
 */
class SocketLink {
  constructor ({ socket, patience, directory, identity }) {
    this._path = socket
    this._place = directory && identity ? { directory, identity } : null
    this._patience = patience
    this._session = null
    this._sessions = new Set()
    this.isClosed = false
    this.carriesBytes = true
  }

  /** Where this leads, for messages. */
  get address () {
    return this._path
  }

  /** Connects, trying for so many ms; rejects with code UNREACHABLE when that fails. */
  async ready (patience) {
    if (this._place) refuseUnknown(this._place)
    await this._shared(patience)
  }

  /** Calls a method; waits for the service to come back when it is away. */
  async call (path, args) {
    const session = await this._shared(this._patience)
    return new Promise((resolve, reject) => {
      session.call(path, args, (error, value) => error ? reject(error) : resolve(value))
    })
  }

  /** Opens a stream on a connection of its own; `handlers` as those of a session. Connects once, without waiting. */
  open (type, path, args, handlers) {
    const opening = new OpeningStream(type === 'source')
    this._dial().then((session) => {
      const stream = session.open(type, path, args, {
        isSource: type === 'source',
        item: handlers.item,
        end: (error) => {
          session.close()
          handlers.end(error)
        }
      })
      opening.opened(stream, () => session.destroy())
    }, (error) => handlers.end(error))
    return opening
  }

  /** Opens a stream of the log's records; its items are batches of them, see records.js. */
  openRecords (options, handlers) {
    return this.open('source', ['flume', 'stream'], [options], {
      ...handlers,
      item: (buffer) => handlers.item(new BufferRecords(buffer))
    })
  }

  async close () {
    this.isClosed = true
    await Promise.all([...this._sessions].map((session) => session.close()))
  }

  _shared (patience) {
    if (this._session === null) {
      this._session = this._dialUntil(patience)
      this._session.then((session) => session.closed, () => {}).then(() => { this._session = null })
    }
    return this._session
  }

  async _dialUntil (patience) {
    const deadline = Date.now() + patience
    const backoff = new Backoff()
    while (true) {
      try {
        return await this._dial()
      } catch (error) {
        if (error.code !== 'UNREACHABLE' || Date.now() >= deadline) throw error
        await backoff.wait()
      }
    }
  }

  _dial () {
    if (this.isClosed) return Promise.reject(new FlumeError('CLOSED', 'This client was closed.'))
    return new Promise((resolve, reject) => {
      const socket = net.connect(this._path)
      socket.once('error', (error) => reject(unreachable(this._path, error)))
      socket.once('connect', () => {
        socket.removeAllListeners('error')
        const session = new Session(socket)
        this._sessions.add(session)
        session.closed.then(() => this._sessions.delete(session))
        resolve(session)
      })
    })
  }
}

/** A stream whose connection may still be on its way: remembers what was asked of it meanwhile. */
class OpeningStream {
  constructor (isSource) {
    this._isSource = isSource
    this._stream = null
    this._waiting = []
  }

  opened (stream, destroy) {
    this._stream = stream
    this._destroy = destroy
    for (const act of this._waiting) act(stream)
  }

  write (value) {
    if (this._stream) return this._stream.write(value)
    this._waiting.push((stream) => stream.write(value))
    return false
  }

  onDrain (fn) {
    this._act((stream) => stream.onDrain(fn))
  }

  /** Ends our side. A source's connection is of no more use then: it is not drained. */
  end (error) {
    this._act((stream) => {
      stream.end(error)
      if (this._isSource) this._destroy()
    })
  }

  pause () {
    this._act((stream) => stream.pause())
  }

  resume () {
    this._act((stream) => stream.resume())
  }

  rest () {
    this._act((stream) => stream.rest())
  }

  wake () {
    this._act((stream) => stream.wake())
  }

  _act (act) {
    if (this._stream) act(this._stream)
    else this._waiting.push(act)
  }
}

/** An identity that the data directory lacks will not come by waiting: says at once which there are. */
function refuseUnknown ({ directory, identity }) {
  const folder = path.join(directory, 'identities')
  let names
  try {
    names = fs.readdirSync(folder)
  } catch (error) {
    return // the service may still be making it
  }
  if (names.length === 0 || names.includes(identity)) return
  throw new FlumeError('NO_IDENTITY', `Flume has no identity '${identity}' in ${directory}. It has ${names.sort().join(', ')}. ` +
    `Make it: flume create ${identity} --kind events`)
}

function unreachable (path, cause) {
  const hint = { ENOENT: 'Is flume serve running?', ECONNREFUSED: 'Is flume serve running?', EACCES: 'Run as the user that Flume runs as.' }
  return new FlumeError('UNREACHABLE', `Cannot connect to Flume at ${path}: ${cause.message}. ${hint[cause.code] || ''}`.trim())
}

module.exports = { SocketLink }
