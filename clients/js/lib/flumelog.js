'use strict'

const fs = require('fs')
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
  const filename = fileOf(options)
  // As flumelog-offset does: flumedb's views expect the folder to be there.
  if (filename) fs.mkdirSync(path.dirname(filename), { recursive: true })
  const since = createObservable()
  const streams = new Set()
  const queue = new AppendQueue(link, options, whenRead)
  const watch = new SinceWatch(link, onSince)
  const ready = learnSince()
  const reading = []
  let unanswered = 0
  let isClosed = false

  // What waits for it tells of the failure.
  ready.catch(() => {})

  async function learnSince () {
    while (true) {
      try {
        return advance(await link.call(['flume', 'since'], []))
      } catch (error) {
        if (error.code !== 'LOST') throw error
      }
    }
  }

  function onSince (value, isFirst) {
    if (isFirst && value < since.value) checkShrunk(since.value)
    else advance(value)
  }

  function advance (value) {
    if (value <= since.value) return
    since.set(value)
    for (const stream of streams) stream.moved()
  }

  /**
   * An append calls back when the live streams that had read everything have read this too: flumedb's views are then as fresh
   * as with a log in the same process.
   */
  function whenRead (append, cb) {
    reading.push({ ...append, cb })
    checkReaders()
  }

  function checkReaders () {
    while (reading.length > 0) {
      const { seq, before } = reading[0]
      for (const stream of streams) if (stream.awaits(seq, before)) return stream.wake()
      const { cb } = reading.shift()
      advance(seq)
      cb()
    }
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
    const log = new LogStream({ link, codec, since, advance }, { ...given }, ask)
    streams.add(log)
    log.onEnd = () => streams.delete(log)
    log.onMoved = checkReaders
    if (isClosed) log.fail(closedError())
    return log.read
  }

  /** What a stream asks the service for: as of now, though the connection may be made later. */
  function ask (options) {
    if (options.old === false && !options.reverse) {
      const { old, ...rest } = options
      return { ...rest, gt: since.value, live: true }
    }
    // An append that has not called back is not there yet.
    if (!options.live && unanswered > 0 && options.lt === undefined && options.lte === undefined) {
      return { ...options, lte: since.value }
    }
    return options
  }

  function get (seq, cb) {
    const encoding = codec ? [{ encoding: codec.buffer ? 'base64' : 'utf8' }] : []
    link.call(['flume', 'get'], [seq, ...encoding]).then(
      (value) => cb(null, codec ? codec.decode(codec.buffer ? Buffer.from(value, 'base64') : value) : value),
      (error) => error.code === 'flumelog:deleted' ? cb(error, -1) : error.code === 'LOST' ? get(seq, cb) : cb(error))
  }

  function append (values, cb = () => {}) {
    if (isClosed) return process.nextTick(cb, closedError())
    const records = Array.isArray(values) ? values : [values]
    unanswered++
    const answer = (error, seq) => {
      unanswered--
      if (error) cb(error)
      else cb(null, seq)
    }
    if (since.value !== undefined) put(records, answer)
    else ready.then(() => put(records, answer), answer)
  }

  function put (records, cb) {
    if (records.length > 0) queue.append(records, since.value, cb)
    else cb(null, since.value)
  }

  function del (seqs, cb = () => {}) {
    link.call(['flume', 'del'], [seqs]).then(() => cb(null), cb)
  }

  function close (cb = () => {}) {
    if (isClosed) return cb()
    isClosed = true
    const end = () => queue.idle(() => {
      watch.stop()
      for (const stream of [...streams]) stream.fail(true)
      if (closeLink) link.close().then(() => cb(), cb)
      else cb()
    })
    // Appends that wait to learn since are not in the queue yet.
    if (unanswered > 0) ready.then(end, end)
    else end()
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
