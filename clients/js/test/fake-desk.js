'use strict'
// A service's side of one client view, in this process: {call, source} as registerView takes them.

const { FlumeError } = require('../lib/errors')

/** Keeps what is committed; refuses what the service refuses. */
class FakeDesk {
  constructor ({ batch = 3, windowBytes = 1 << 20 } = {}) {
    this.records = []
    this.stored = { version: 0, since: -1, state: undefined }
    this.commits = []
    this.lose = null
    this._batch = batch
    this._windowBytes = windowBytes
    this._turn = 0
    this._feed = null
    this._waiting = []
  }

  get head () {
    return this.records.length === 0 ? -1 : this.records[this.records.length - 1].seq
  }

  append (...values) {
    for (const value of values) this.records.push({ seq: this.head < 0 ? 0 : this.head + 100, value })
    if (this._feed) this._feed.wake()
  }

  /** Begins the rows anew, as a rebuild does. */
  rebuild () {
    this.stored = { ...this.stored, since: -1, state: undefined }
    if (this._feed) this._feed.begin()
  }

  /** Another client takes the place. */
  replace () {
    this._feed.end(new FlumeError('REMOTE', 'Another client runs the view now', 'ViewRefusedError'))
  }

  /** The connection of the feed is lost. */
  cut () {
    this._feed.end(new FlumeError('LOST', 'cut'))
  }

  async call (name, view, args) {
    if (name === 'views.register') {
      if (args.version !== this.stored.version) this.stored = { version: args.version, since: -1, state: undefined }
      return {}
    }
    if (name === 'views.get') return this._get(args)
    await new Promise((resolve) => setImmediate(resolve))
    if (this.lose) throw this.lose
    if (args.turn !== this._turn || args.after !== this.stored.since || args.since > this._feed.sent) {
      throw new FlumeError('REMOTE', 'no successor', 'ViewRefusedError')
    }
    this.stored = { ...this.stored, since: args.since, state: JSON.stringify(args.state) }
    this.commits.push(args.since)
    this._feed.wake()
    for (const look of this._waiting.splice(0)) look()
    return args.since
  }

  source () {
    const desk = this
    const queue = []
    let waiting = null
    let ended = null
    const give = (item) => waiting ? answer(null, item) : queue.push(item)
    const answer = (end, item) => {
      const cb = waiting
      waiting = null
      cb(end, item)
    }
    const feed = {
      sent: -1,
      begin () {
        const { since, version, state } = desk.stored
        feed.sent = since
        give({ turn: ++desk._turn, since, version, state: state && JSON.parse(state), limits: { windowBytes: desk._windowBytes } })
        feed.wake()
      },
      wake () {
        while (!ended && feed.sent < desk.head && feed.sent - desk.stored.since < desk._windowBytes) {
          const some = desk.records.filter(({ seq }) => seq > feed.sent).slice(0, desk._batch)
          feed.sent = some[some.length - 1].seq
          give({ turn: desk._turn, since: feed.sent, head: desk.head, seqs: some.map(({ seq }) => seq), values: some.map(({ value }) => value) })
        }
      },
      end (error) {
        ended = ended || error
        if (waiting) answer(ended)
      }
    }
    if (this._feed) this._feed.end(new FlumeError('REMOTE', 'Another client runs the view now', 'ViewRefusedError'))
    this._feed = feed
    feed.begin()
    return (abort, cb) => {
      if (abort) {
        feed.end(abort)
        return cb(abort)
      }
      if (queue.length > 0) return cb(null, queue.shift())
      if (ended) return cb(ended)
      waiting = cb
    }
  }

  _get ({ wait } = {}) {
    const { since, state } = this.stored
    if (wait === false || since >= this.head) return state === undefined ? undefined : JSON.parse(state)
    return new Promise((resolve) => this._waiting.push(() => resolve(this._get())))
  }
}

module.exports = { FakeDesk }
