'use strict'

const { Backoff } = require('./backoff')

/**
 * Follows the head of the log for as long as it is not stopped, across restarts of the service. The process waits for the
 * first news, and then for none.
 */
class SinceWatch {
  constructor (link, onSince) {
    this._link = link
    this._onSince = onSince
    this._backoff = new Backoff()
    this._stopped = false
    this._isKnown = false
    this._open()
  }

  stop () {
    this._stopped = true
    this._backoff.stop()
    this._stream.end()
  }

  _open () {
    let isFirst = true
    this._stream = this._link.open('source', ['createSequenceStream'], [], {
      isSource: true,
      item: (since) => {
        this._backoff.reset()
        this._isKnown = true
        if (isFirst) this._stream.rest()
        this._onSince(since, isFirst)
        isFirst = false
      },
      end: () => {
        if (!this._stopped) this._backoff.wait(this._isKnown).then(() => { if (!this._stopped) this._open() })
      }
    })
  }
}

module.exports = { SinceWatch }
