'use strict'

const http = require('http')
const { FlumeError, remote } = require('./errors')
const { LineRecord } = require('./records')
const { Backoff } = require('./backoff')

const NDJSON = 'application/x-ndjson'

// The names of errors that the service itself answers over HTTP, by the type of the problem.
const NAMES = {
  'no-such-method': 'NoSuchMethodError',
  'not-found': 'NotFoundError',
  'bad-parameter': 'TypeError',
  'bad-query': 'QueryError',
  'token-needed': 'AccessError',
  'scope-missing': 'AccessError',
  'log-read-only': 'AppendRejected',
  'append-busy': 'AppendRejected',
  'append-too-large': 'AppendRejected',
  'append-unknown': 'AppendFailed'
}

/** A way to one identity over the HTTP API. Buffers can't travel there: blobs and codecs need the socket. */
class HttpLink {
  constructor ({ http: base, identity, patience }) {
    this._base = new URL(`/v1/${encodeURIComponent(identity)}/`, base)
    this._patience = patience
    this._agent = new http.Agent({ keepAlive: true })
    this._requests = new Set()
    this.isClosed = false
    this.carriesBytes = false
  }

  get address () {
    return this._base.href
  }

  async ready (patience) {
    await this._call(['version'], [], patience)
  }

  call (path, args) {
    return this._call(path, args, this._patience)
  }

  async _call (path, args, patience) {
    const deadline = Date.now() + patience
    const backoff = new Backoff()
    while (true) {
      try {
        const answer = await text(await this._request('rpc', body(path, args)))
        return answer === '' ? undefined : JSON.parse(answer)
      } catch (error) {
        if (error.code !== 'UNREACHABLE' || Date.now() >= deadline) throw error
        await backoff.wait()
      }
    }
  }

  open (type, path, args, handlers) {
    if (type !== 'source') throw new FlumeError('USAGE', 'Over HTTP only calls and sources can be used. Connect to the socket for sinks.')
    return this._lines(this._request('rpc', body(path, args)), handlers)
  }

  openRecords (options, handlers) {
    const query = new URLSearchParams()
    for (const name of ['gt', 'gte', 'lt', 'lte', 'reverse', 'live', 'old', 'limit']) {
      if (options[name] !== undefined) query.set(name, String(options[name]))
    }
    return this._lines(this._request(`log?${query}`), { ...handlers, item: (line) => handlers.item(new LineRecord(line)) })
  }

  async close () {
    this.isClosed = true
    for (const request of this._requests) request.destroy()
    this._agent.destroy()
  }

  /** Resolves with the response to a request, once it is a good one. */
  _request (path, content) {
    if (this.isClosed) return Promise.reject(new FlumeError('CLOSED', 'This client was closed.'))
    return new Promise((resolve, reject) => {
      const method = content === undefined ? 'GET' : 'POST'
      const request = http.request(new URL(path, this._base), { method, agent: this._agent, headers: { accept: NDJSON } })
      this._requests.add(request)
      request.on('close', () => this._requests.delete(request))
      request.on('error', (error) => reject(broken(this.address, error)))
      request.on('response', (response) => {
        if (response.statusCode < 300) return resolve(response)
        text(response).then((problem) => reject(refused(response.statusCode, problem)), reject)
      })
      if (content === undefined) return request.end()
      request.setHeader('content-type', 'application/json')
      request.end(content)
    })
  }

  _lines (responding, handlers) {
    const stream = new LineStream(handlers)
    responding.then((response) => stream.read(response), (error) => stream.finish(error))
    return stream
  }
}

/** The lines of a response as items; the last of a failed one is {"$error": …}. */
class LineStream {
  constructor (handlers) {
    this._handlers = handlers
    this._response = null
    this._parts = []
    this._finished = false
    this._paused = false
    this._rests = false
  }

  read (response) {
    this._response = response
    if (this._finished) return response.destroy()
    if (this._paused) response.pause()
    if (this._rests) response.socket.unref()
    response.setEncoding('utf8')
    response.on('data', (chunk) => this._take(chunk))
    response.on('end', () => this.finish(response.complete ? null : cut()))
    response.on('error', () => this.finish(cut()))
    response.on('close', () => this.finish(cut()))
  }

  end () {
    this._finished = true
    if (this._response) this._response.destroy()
  }

  pause () {
    this._paused = true
    if (this._response) this._response.pause()
  }

  resume () {
    this._paused = false
    if (this._response) this._response.resume()
  }

  /** The process may end although this stream is open, until `wake`. */
  rest () {
    this._rests = true
    if (this._response) this._response.socket.unref()
  }

  wake () {
    this._rests = false
    if (this._response) this._response.socket.ref()
  }

  finish (error) {
    if (this._finished) return
    this._finished = true
    this._handlers.end(error)
  }

  _take (chunk) {
    // A long line comes in many chunks: joined once, at its end.
    this._parts.push(chunk)
    if (!chunk.includes('\n')) return
    const lines = this._parts.join('').split('\n')
    this._parts = [lines.pop()]
    for (const line of lines) {
      if (this._finished) return
      const item = JSON.parse(line)
      if (item !== null && typeof item === 'object' && item.$error) return this.finish(toError(item.$error))
      this._handlers.item(item)
    }
  }
}

function body (path, args) {
  return `{"name":${JSON.stringify(path)},"args":${typeof args === 'string' ? args : JSON.stringify(args)}}`
}

function text (response) {
  return new Promise((resolve, reject) => {
    let all = ''
    response.setEncoding('utf8')
    response.on('data', (chunk) => { all += chunk })
    response.on('end', () => resolve(all))
    response.on('error', () => reject(cut()))
    response.on('close', () => reject(cut()))
  })
}

function refused (status, problem) {
  try {
    return toError(JSON.parse(problem))
  } catch (error) {
    return new FlumeError('REMOTE', `The service answered with status ${status}: ${problem.slice(0, 200)}`)
  }
}

function toError (problem) {
  const type = String(problem.type).split('/').pop()
  const expected = problem.expected ? ` Expected ${problem.expected}.` : ''
  if (type === 'no-such-identity') return new FlumeError('NO_IDENTITY', problem.detail + expected)
  return remote({ message: problem.detail, name: problem.name || NAMES[type] || 'Error' })
}

function broken (address, cause) {
  const isUnreachable = cause.code === 'ECONNREFUSED' || cause.code === 'ENOTFOUND'
  return isUnreachable
    ? new FlumeError('UNREACHABLE', `Cannot connect to Flume at ${address}: ${cause.message}. Is flume serve running?`)
    : new FlumeError('LOST', `The connection to Flume ended before the answer: ${cause.message}.`)
}

function cut () {
  return new FlumeError('LOST', 'The connection to Flume ended before the answer was complete.')
}

module.exports = { HttpLink }
