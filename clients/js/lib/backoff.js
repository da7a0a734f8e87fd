'use strict'

const FIRST_MS = 20
const MOST_MS = 1000

/** Waits between tries: longer each time, to an end, and never quite the same. */
class Backoff {
  constructor () {
    this._next = FIRST_MS
    this._timer = null
  }

  /** Resolves after the next pause; never after `stop`. When `isIdle`, the pause does not keep the process from ending. */
  wait (isIdle = false) {
    const pause = this._next * (0.75 + Math.random() / 2)
    this._next = Math.min(MOST_MS, this._next * 2)
    return new Promise((resolve) => {
      this._timer = setTimeout(resolve, pause)
      if (isIdle) this._timer.unref()
    })
  }

  /** It worked: the next wait is short again. */
  reset () {
    this._next = FIRST_MS
  }

  stop () {
    clearTimeout(this._timer)
  }
}

module.exports = { Backoff }
