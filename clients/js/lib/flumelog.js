'use strict'

const path = require('path')
const { AppendQueue } = require('./append-queue')
const { FlumeError } = require('./errors')
const { LogStream } = require('./log-stream')
const { SinceWatch } = require('./since-watch')
const { createObservable } = require('./observable')

/**
 * A flumelog over a link: {filename, since, get, stream, append, del, close}, as flumedb expects one.
 *
 * options.filename, or options.dir: where flumedb's views keep their files; nothing is written there by the log itself.
 * options.codec: {encode, decode, buffer} as flumelog-offset takes; without one records are JSON. Needs the socket.
 * options.durability: 'fsync' (an append that called back survives power loss) or 'os' (it survives kill -9).
 */
function createFlumelog (link, options = {}) {
  const { codec, closeLink = false } = options
  if (codec && !link.carriesBytes) throw new FlumeError('USAGE', 'A codec needs the socket: over HTTP records are JSON.')
  const since = createObservable()
  const streams = new Set()
  const queue = new AppendQueue(link, options, (seq) => { if (seq > since.value || since.value === undefined) since.set(seq) })
  const watch = new SinceWatch(link, onSince)
  let isClosed = false

  function onSince (value, isFirst) {
    if (since.value === undefined || value > since.value) since.set(value)
    else if (isFirst && value < since.value) checkShrunk(since.value)
  }

  /** After a reconnect the head is behind: either news crossed on the way, or the log lost records. Asking again tells. */
  function checkShrunk (before) {
    link.call(['flume', 'since'], []).then((value) => {
      if (value >= before || isClosed) return
      const error = new FlumeError('SHRANK', `The log's last record was at ${before}, and is at ${value} now: records are gone.`)
      since.set(value)
      for (const stream of [...streams]) stream.fail(error)
    }, () => {})
  }

  function stream (given) {
    const asked = { ...given }
    // From the head on means from the head as it is now, also when the service is away for a while.
    if (asked.old === false && since.value !== undefined && !asked.reverse) {
      delete asked.old
      Object.assign(asked, { gt: since.value, live: true })
    }
    const log = new LogStream(link, asked, codec)
    streams.add(log)
    log.onEnd = () => streams.delete(log)
    if (isClosed) log.fail(closedError())
    return log.read
  }

  function get (seq, cb) {
    const encoding = codec ? [{ encoding: codec.buffer ? 'base64' : 'utf8' }] : []
    link.call(['flume', 'get'], [seq, ...encoding]).then(
      (value) => cb(null, codec ? codec.decode(codec.buffer ? Buffer.from(value, 'base64') : value) : value),
      (error) => error.code === 'flumelog:deleted' ? cb(error, -1) : error.code === 'LOST' ? get(seq, cb) : cb(error))
  }

  function append (values, cb = () => {}) {
    if (isClosed) return process.nextTick(cb, closedError())
    if (!Array.isArray(values)) return queue.append([values], cb)
    if (values.length > 0) return queue.append(values, cb)
    since.once((seq) => cb(null, seq))
  }

  function del (seqs, cb = () => {}) {
    link.call(['flume', 'del'], [seqs]).then(() => cb(null), cb)
  }

  function close (cb = () => {}) {
    if (isClosed) return cb()
    isClosed = true
    queue.idle(() => {
      watch.stop()
      for (const stream of [...streams]) stream.fail(true)
      if (closeLink) link.close().then(() => cb(), cb)
      else cb()
    })
  }

  return { filename: fileOf(options), since, get, stream, append, del, close, methods: { del: 'async' } }
}

function fileOf ({ filename, dir }) {
  return filename || (dir ? path.join(dir, 'flume.log') : undefined)
}

function closedError () {
  return new FlumeError('CLOSED', 'This log was closed.')
}

module.exports = { createFlumelog }
