'use strict'

const { FlumeError } = require('./errors')
const { Backoff } = require('./backoff')

const BATCHES_MOST = 8
const BATCHES_FEW = 2

/**
 * A stream of the log as a pull-stream source. When the service goes away the stream waits for it to come back, and goes on
 * behind the last record that was read: none is lost, none comes twice. A live stream that has read all there is does not
 * keep the process from ending.
 */
class LogStream {
  /**
   * `log` is {link, codec, since, advance}: the observable of the log's since, and what moves it. `ask(options)` says, once
   * since is known, what the service is asked for.
   */
  constructor ({ link, codec, since, advance }, options, ask) {
    this._link = link
    this._options = options
    this._codec = codec
    this._since = since
    this._advance = advance
    this._seqs = options.seqs !== false
    this._values = options.values !== false
    this._left = options.limit > 0 ? options.limit : Infinity
    this._last = null
    this._batches = []
    this._stream = null
    this._mayOpen = false
    this._waiting = null
    this._ended = null
    this._backoff = new Backoff()
    this.onEnd = () => {}
    this.onMoved = () => {}
    this.read = this.read.bind(this)
    since.once(() => {
      this._options = ask(options)
      this._mayOpen = true
      this._answer()
    })
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

  /**
   * True when the reader of this stream waits for the record at `seq`, having had all up to `before`: then it can be had in a
   * moment.
   */
  awaits (seq, before) {
    const { live, lt, lte } = this._options
    if (!live || !this._waiting || !this._stream || lt !== undefined || lte !== undefined) return false
    return this._position() >= before && this._position() < seq
  }

  /** The process goes on until this has read what it waits for. */
  wake () {
    this._stream.wake()
  }

  /** The log's since has moved. */
  moved () {
    this._rest()
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
        this.onMoved()
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
    this.onMoved()
    this._backoff.wait(this._isIdle()).then(() => {
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
    if (this._ended) return this._call(this._ended)
    if (this._mayOpen) this._open()
    this._rest()
  }

  _rest () {
    if (!this._stream) return
    if (this._isIdle()) this._stream.rest()
    else this._stream.wake()
  }

  _isIdle () {
    if (!this._options.live || this._batches.length > 0) return false
    return this._position() >= this._since.value
  }

  _position () {
    const { gt = -1 } = this._options
    return this._last === null ? gt : this._last
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
    this._advance(batch.seq)
    this._call(null, item)
  }

  _end (end) {
    if (!this._ended) {
      this._ended = end
      this._backoff.stop()
      this.onEnd()
      this.onMoved()
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
