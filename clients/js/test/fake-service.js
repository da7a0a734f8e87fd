'use strict'
// As much of a Flume service as the client needs, over a log in memory: so that these tests run without one.

const fs = require('fs')
const net = require('net')
const os = require('os')
const path = require('path')
const { Decoder, GOODBYE, encode } = require('../lib/packets')

/** A service on a socket of its own; `records` outlive `kill` and `start`. */
class FakeService {
  constructor () {
    this.path = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'flume-js-')), 'socket')
    this.records = []
    this.calls = []
    this.sunk = []
    this._sinks = new Set()
    this._sockets = new Set()
    this._live = new Set()
  }

  get since () {
    return this.records.length === 0 ? -1 : this.records[this.records.length - 1].seq
  }

  start () {
    this._server = net.createServer((socket) => this._serve(socket))
    return new Promise((resolve) => this._server.listen(this.path, resolve))
  }

  /** Ends as a process does that is killed: without a goodbye. */
  kill () {
    for (const socket of this._sockets) socket.destroy()
    this._live.clear()
    return new Promise((resolve) => this._server.close(resolve))
  }

  append (...values) {
    for (const value of values) {
      const last = this.records[this.records.length - 1]
      const bytes = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value))
      this.records.push({ seq: last ? last.seq + last.bytes.length + 12 : 0, bytes })
    }
    for (const live of [...this._live]) live()
  }

  _serve (socket) {
    this._sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => this._sockets.delete(socket))
    const decoder = new Decoder((packet) => {
      if (packet.goodbye) return socket.end(GOODBYE)
      if (packet.stream && this._sinks.has(packet.request)) return this._sink(socket, packet)
      if (packet.stream && !packet.value.name) return
      const asked = { socket, request: packet.request, name: [].concat(packet.value.name).join('.'), args: packet.value.args }
      this.calls.push(asked.name)
      if (packet.stream) this._open(asked)
      else this._answer(asked)
    })
    socket.on('data', (chunk) => decoder.push(chunk))
  }

  _answer ({ socket, request, name, args }) {
    const methods = {
      echo: () => args[0],
      'flume.since': () => this.since,
      'flume.append': () => this._append(args),
      'flume.get': () => this._get(args),
      'flume.del': () => { for (const seq of [].concat(args[0])) this.records.find((record) => record.seq === seq).bytes.fill(0) }
    }
    try {
      if (!methods[name]) throw new Error(`no async:${name}`)
      const value = methods[name]()
      socket.write(encode(-request, {}, value === undefined ? false : value))
    } catch (error) {
      socket.write(encode(-request, { end: true }, { message: error.message, name: error.name, stack: error.stack }))
    }
  }

  _append ([values, options]) {
    const before = this.records.length
    this.append(...values.map((value) => options.encoding === 'base64' ? Buffer.from(value, 'base64') : value))
    const seqs = this.records.slice(before).map((record) => record.seq)
    return options.offsets ? seqs : seqs[seqs.length - 1]
  }

  _get ([seq, options]) {
    const record = this.records.find((record) => record.seq === seq)
    if (!record) throw new Error(`no record at ${seq}`)
    if (record.bytes[0] === 0) throw Object.assign(new Error('item has been deleted'), { name: 'flumelog:deleted' })
    return options && options.encoding === 'base64' ? record.bytes.toString('base64') : JSON.parse(record.bytes)
  }

  _open ({ socket, request, name, args }) {
    const send = (value, end = false) => socket.write(encode(-request, { stream: true, end }, value))
    if (name === 'createSequenceStream') return this._follow(socket, () => send(this.since))
    if (name === 'count') {
      for (let i = 0; i < args[0]; i++) send(i)
      return send(true, true)
    }
    if (name === 'sink') return this._sinks.add(request)
    if (name !== 'flume.stream') return send({ message: `no source:${name}`, name: 'Error' }, true)
    this._stream(socket, args[0], send)
  }

  _sink (socket, { request, end, value }) {
    if (!end) return this.sunk.push(value)
    this._sinks.delete(request)
    socket.write(encode(-request, { stream: true, end: true }, true))
  }

  _stream (socket, options, send) {
    let last = options.gt === undefined ? (options.gte === undefined ? -1 : options.gte - 1) : options.gt
    let left = options.limit > 0 ? options.limit : Infinity
    const next = () => {
      const wanted = this.records.filter(({ seq }) => seq > last && !(seq >= options.lt) && !(seq > options.lte))
      for (const record of wanted) {
        if (left-- <= 0) break
        last = record.seq
        if (record.bytes[0] !== 0 || options.values === false) send(frame(record, options.values !== false))
      }
      if (!options.live || left <= 0) send(true, true)
    }
    if (options.live) this._follow(socket, next)
    else next()
  }

  _follow (socket, fn) {
    this._live.add(fn)
    socket.on('close', () => this._live.delete(fn))
    fn()
  }
}

function frame ({ seq, bytes }, withPayload) {
  const head = Buffer.alloc(12)
  head.writeBigInt64BE(BigInt(seq))
  head.writeUInt32BE(withPayload ? bytes.length : 0, 8)
  return withPayload ? Buffer.concat([head, bytes]) : head
}

module.exports = { FakeService }
