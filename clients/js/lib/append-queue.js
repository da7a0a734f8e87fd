'use strict'

const { FlumeError } = require('./errors')

// One call carries at most so many characters of records, unless a single one is longer.
const BATCH_CHARACTERS = 4 * 1024 * 1024

/**
 * Appends in the order of the calls, one call to the service at a time: what comes meanwhile goes with the next one, so that
 * many small appends cost few calls.
 */
class AppendQueue {
  /** `onAppended({seq, before}, cb)` hears of each call that succeeded, and calls back when that may be told. */
  constructor (link, { codec, durability }, onAppended) {
    this._link = link
    this._codec = codec
    this._options = { offsets: true, ...(durability ? { durability } : {}) }
    this._onAppended = onAppended
    this._waiting = []
    this._busy = false
    this._onIdle = []
  }

  /** Queues records; `before` is the log's since; `cb(error, seq)` with the seq of the last of them. */
  append (values, before, cb) {
    let entry
    try {
      entry = { texts: values.map((value) => this._encode(value)), before, cb }
    } catch (error) {
      return process.nextTick(cb, error)
    }
    this._waiting.push(entry)
    this._next()
  }

  /** Calls back when everything queued has been answered. */
  idle (cb) {
    if (this._busy) this._onIdle.push(cb)
    else cb()
  }

  /** A record as the JSON text that stands for it in the call. */
  _encode (value) {
    if (!this._codec) {
      const text = JSON.stringify(value)
      if (text === undefined) throw new FlumeError('USAGE', `A record can't be made of ${typeof value}. Expected a JSON value.`)
      return text
    }
    return JSON.stringify(Buffer.from(this._codec.encode(value)).toString('base64'))
  }

  _next () {
    if (this._busy) return
    const batch = this._take()
    if (batch.length === 0) {
      for (const cb of this._onIdle.splice(0)) cb()
      return
    }
    this._busy = true
    const texts = batch.flatMap((entry) => entry.texts)
    const options = this._codec ? { ...this._options, encoding: 'base64' } : this._options
    this._link.call(['flume', 'append'], `[[${texts.join(',')}],${JSON.stringify(options)}]`).then(
      (seqs) => this._answer(batch, null, seqs),
      (error) => this._answer(batch, error))
  }

  _take () {
    const batch = []
    let characters = 0
    while (this._waiting.length > 0) {
      const entry = this._waiting[0]
      const length = entry.texts.reduce((sum, text) => sum + text.length, 0)
      if (batch.length > 0 && characters + length > BATCH_CHARACTERS) break
      characters += length
      batch.push(this._waiting.shift())
    }
    return batch
  }

  _answer (batch, error, seqs) {
    if (error) this._tell(batch, error)
    else this._onAppended({ seq: seqs[seqs.length - 1], before: batch[0].before }, () => this._tell(batch, null, seqs))
  }

  _tell (batch, error, seqs) {
    let at = 0
    for (const { texts, cb } of batch) {
      at += texts.length
      if (error) cb(error)
      else cb(null, seqs[at - 1])
    }
    this._busy = false
    this._next()
  }
}

module.exports = { AppendQueue }
