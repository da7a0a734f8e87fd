'use strict'
// A view whose map and reduce run here, and whose state, since and version the service keeps (docs/registered-views.md).

const { FlumeError } = require('./lib/errors')
const { Backoff } = require('./lib/backoff')
const { iterate } = require('./lib/pull-source')

const COMMIT_MS = 1000
const IDENTITY = (value) => value

/**
 * Registers a view and keeps it up to date from then on. `client` is anything with `call` and `source`.
 * `map(message, seq)` makes something of each message, or nothing: null and undefined are passed over.
 * `reduce(state, mapped, seq)` gives the next state; it may change and return the one it was given.
 * `initial` is the state before the first message. A state is JSON; raise `version` whenever another would come out.
 */
function registerView (client, options) {
  const view = new RegisteredView(client, check(options))
  view._run()
  return view
}

/** A view that runs in this process. */
class RegisteredView {
  constructor (client, { name, version, map, reduce, initial }) {
    this.name = name
    this.version = version
    /** The state, up to `since`; the service may not have all of it yet. */
    this.state = undefined
    /** The offset of the last record that the state reflects. */
    this.since = -1
    /** Why it stopped; null while it runs. */
    this.error = null
    this._client = client
    this._map = map || IDENTITY
    this._reduce = reduce
    this._initial = JSON.stringify(initial)
    this._listeners = new Set()
    this._feed = null
    this._turn = null
    this._isClosed = false
    this.stopped = new Promise((resolve) => { this._onStopped = resolve })
    this._registered = new Promise((resolve) => { this._onRegistered = resolve })
  }

  /** The state as the service has it, once it reflects every record of before the call. */
  async get (options) {
    await Promise.race([this._registered, this.stopped])
    if (this.error) throw this.error
    const state = await this._client.call('views.get', this.name, options || {})
    return state === undefined || state === null ? this._fresh() : state
  }

  /** Calls `listener(state, since)` whenever the state moved; the function that it returns ends that. */
  onMove (listener) {
    this._listeners.add(listener)
    return () => this._listeners.delete(listener)
  }

  /** Commits what is not committed yet, and stops: the view then lags until it is registered again. */
  async close () {
    this._isClosed = true
    if (this._turn) await this._turn.finish()
    if (this._feed) this._feed(true, () => {})
    return this.stopped
  }

  async _run () {
    const backoff = new Backoff()
    while (!this._isClosed) {
      try {
        await this._client.call('views.register', this.name, { version: this.version })
        this._onRegistered()
        await this._follow(() => backoff.reset())
      } catch (error) {
        if (this._isClosed) break
        if (!isPassing(error)) {
          this.error = error
          break
        }
        await backoff.wait()
      }
    }
    this._onStopped(this.error)
  }

  /** Takes the feed's items until it ends. */
  async _follow (onItem) {
    this._feed = this._client.source('views.feed', this.name, this.version)
    try {
      for await (const item of iterate(this._feed)) {
        onItem()
        if (item.values === undefined) this._start(item)
        else this._take(item)
        if (this._turn.error || this._isClosed) break
      }
      if (this._turn && this._turn.error) throw this._turn.error
    } finally {
      this._feed = null
    }
  }

  _start (item) {
    this.state = item.state === undefined ? this._fresh() : item.state
    this.since = item.since
    this._turn = new Turn(this, item)
  }

  _take (batch) {
    if (batch.turn !== this._turn.number) return
    for (let i = 0; i < batch.values.length; i++) this._apply(batch.values[i], batch.seqs[i])
    this.since = batch.since
    for (const listener of this._listeners) listener(this.state, this.since)
    this._turn.moved(batch.since === batch.head)
  }

  _apply (message, seq) {
    try {
      const mapped = this._map(message, seq)
      if (mapped !== undefined && mapped !== null) this.state = this._reduce(this.state, mapped, seq)
    } catch (cause) {
      const error = new FlumeError('USAGE', `View '${this.name}' threw at ${seq}: ${cause.message}. Its state stays as it was last committed; mend it and raise its version.`)
      error.cause = cause
      throw error
    }
  }

  /** A commit failed for good, or with its connection: the feed is of no more use. */
  _fail (turn, error) {
    turn.error = error
    if (this._feed) this._feed(true, () => {})
  }

  _fresh () {
    return this._initial === undefined ? undefined : JSON.parse(this._initial)
  }
}

/** One turn of a feed: says what is committed, and when to commit more. One commit at a time. */
class Turn {
  constructor (view, { turn, since, limits }) {
    this.number = turn
    this.error = null
    this._isOver = false
    this._view = view
    this._committed = since
    this._most = limits.windowBytes / 4
    this._at = Date.now()
    this._running = null
    this._isAtHead = false
  }

  /** The state moved: commits it when it is worth it. */
  moved (isAtHead) {
    this._isAtHead = isAtHead
    const { since } = this._view
    const isDue = isAtHead || since - this._committed >= this._most || Date.now() - this._at >= COMMIT_MS
    if (isDue && !this._isOver && this._running === null && since > this._committed) this._running = this._commit()
  }

  /** Commits the rest. */
  async finish () {
    await this._running
    if (!this._isOver && this._view.since > this._committed) await this._commit()
  }

  async _commit () {
    const { _client: client, name, since, state } = this._view
    try {
      await client.call('views.commit', name, { turn: this.number, after: this._committed, since, state: state === undefined ? null : state })
      this._committed = since
      this._at = Date.now()
    } catch (error) {
      // A turn that is over tells itself: the feed begins another, or ends with the reason.
      this._isOver = true
      if (error.name !== 'ViewRefusedError') this._view._fail(this, error)
    }
    this._running = null
    if (this._view._turn === this) this.moved(this._isAtHead)
  }
}

function check ({ name, version, map, reduce, initial }) {
  if (typeof name !== 'string') throw new FlumeError('USAGE', 'A view needs a name: {name, version, map, reduce, initial}.')
  if (!Number.isInteger(version) || version < 1) throw new FlumeError('USAGE', `View '${name}' needs a version, a whole number from 1.`)
  if (typeof reduce !== 'function') throw new FlumeError('USAGE', `View '${name}' needs a function reduce(state, mapped, seq).`)
  if (map !== undefined && typeof map !== 'function') throw new FlumeError('USAGE', `The map of view '${name}' must be a function.`)
  return { name, version, map, reduce, initial }
}

/** The service is away or closing: it comes back. */
function isPassing (error) {
  return error.code === 'LOST' || error.code === 'UNREACHABLE' || /stopping|stopped|closed|closing/.test(error.message)
}

module.exports = { registerView }
