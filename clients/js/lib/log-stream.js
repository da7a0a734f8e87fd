'use strict'

const { FlumeError } = require('./errors')
const { Backoff } = require('./backoff')

const BATCHES_MOST = 8
const BATCHES_FEW = 2

/**
 * A stream of the log as a pull-stream source. When the service goes away the stream waits for it to come back, and goes on
 * behind the last record that was read: none is lost, none comes twice.
 */
class LogStream {
  constructor (link, options, codec) {
    this._link = link
    this._options = options
    this._codec = codec
    this._seqs = options.seqs !== false
    this._values = options.values !== false
    this._left = options.limit > 0 ? options.limit : Infinity
    this._last = null
    this._batches = []
    this._stream = null
    this._mayOpen = true
    this._waiting = null
    this._ended = null
    this._backoff = new Backoff()
    this.onEnd = () => {}
    this.read = this.read.bind(this)
  }

  /** The pull-stream source. */
  read (abort, cb) {
    if (abort) {
      this.fail(abort)
      return cb(abort)
    }
    this._waiting = cb
    this._answer()
  }

  /** Ends the stream at once: `true` for a good end. */
  fail (error) {
    this._batches = []
    if (!this._ended && this._stream) this._stream.end()
    this._end(error)
  }

  _open () {
    const stream = this._link.openRecords(this._resumed(), {
      isSource: true,
      item: (batch) => {
        if (this._ended || stream !== this._stream) return
        this._backoff.reset()
        this._batches.push(batch)
        if (this._batches.length === BATCHES_MOST) stream.pause()
        this._answer()
      },
      end: (error) => {
        if (this._ended || stream !== this._stream) return
        if (error && (error.code === 'LOST' || error.code === 'UNREACHABLE')) return this._lose()
        this._end(error || true)
      }
    })
    this._stream = stream
    this._mayOpen = false
  }

  /** The connection is gone. What came over it is read first, then it is opened again behind that. */
  _lose () {
    this._stream = null
    this._backoff.wait().then(() => {
      this._mayOpen = true
      this._answer()
    })
  }

  _resumed () {
    const { seqs, cache, limit, ...options } = this._options
    if (this._left !== Infinity) options.limit = this._left
    if (this._last === null) return options
    if (options.reverse) {
      const { lte, max, ...rest } = options
      return { ...rest, lt: this._last }
    }
    const { gte, min, old, ...rest } = options
    return { ...rest, gt: this._last }
  }

  _answer () {
    if (!this._waiting) return
    while (this._batches.length > 0 && this._left > 0) {
      const batch = this._batches[0]
      if (batch.next()) return this._give(batch)
      this._batches.shift()
      if (this._batches.length === BATCHES_FEW && this._stream) this._stream.resume()
    }
    if (!this._ended && this._left <= 0) return this.fail(true)
    if (this._ended) this._call(this._ended)
    else if (this._mayOpen) this._open()
  }

  _give (batch) {
    let item
    try {
      item = this._values ? batch.decode(this._codec) : batch.seq
    } catch (error) {
      this.fail(new FlumeError('USAGE', `The record at ${batch.seq} can't be decoded: ${error.message}.`))
      return
    }
    if (this._values && this._seqs) item = { value: item, seq: batch.seq }
    this._last = batch.seq
    this._left--
    this._call(null, item)
  }

  _end (end) {
    if (!this._ended) {
      this._ended = end
      this._backoff.stop()
      this.onEnd()
    }
    this._answer()
  }

  _call (end, item) {
    const cb = this._waiting
    this._waiting = null
    cb(end, item)
  }
}

module.exports = { LogStream }
