'use strict'

const { linkTo } = require('./link')
const { iterate, pullSource } = require('./pull-source')
const { createFlumelog } = require('./flumelog')
const { FlumeError } = require('./errors')

// A service that was just started says so before each of its identities can be reached.
const STARTING_MS = 3000

/**
 * Connects to one identity of a Flume service; rejects with code UNREACHABLE when it is not there, nor comes within three
 * seconds.
 */
async function connect (options) {
  const link = linkTo(options)
  await link.ready(Math.min(options.patience === undefined ? STARTING_MS : options.patience, STARTING_MS))
  return new Client(link)
}

/** One identity of a Flume service. */
class Client {
  constructor (link) {
    this._link = link
  }

  /** Calls a method by its dotted name, e.g. `call('get', id)`; resolves with its answer. */
  call (name, ...args) {
    return this._link.call(name.split('.'), args)
  }

  /** The items of a source method, as a pull-stream source. */
  source (name, ...args) {
    return pullSource((handlers) => this._link.open('source', name.split('.'), args, handlers))
  }

  /** The items of a source method, for `for await`; leaving the loop ends the stream. */
  stream (name, ...args) {
    return iterate(this.source(name, ...args))
  }

  /** Sends items, of any iterable, to a sink method; resolves when it has taken them. */
  async send (name, args, items) {
    const sink = new Sending(this._link, name.split('.'), args)
    for await (const item of items) {
      if (!await sink.write(item)) break
    }
    return sink.end()
  }

  /** The identity's log as a flumelog: what `flumedb(client.flumelog({dir}))` takes. */
  flumelog (options) {
    return createFlumelog(this._link, options)
  }

  /** Ends all connections. */
  close () {
    return this._link.close()
  }
}

/** A sink under way: writes at the pace of the connection, and hears of its end. */
class Sending {
  constructor (link, path, args) {
    this._ended = false
    this._wake = () => {}
    this._done = new Promise((resolve, reject) => {
      const end = (error) => {
        this._ended = true
        this._wake()
        if (error) reject(error)
        else resolve()
      }
      this._stream = link.open('sink', path, args, { isSource: false, item () {}, end })
    })
    this._done.catch(() => {})
  }

  /** Resolves when more may be written; with false when the sink takes no more. */
  async write (item) {
    if (this._ended) return false
    if (!this._stream.write(item)) {
      await new Promise((resolve) => {
        this._wake = resolve
        this._stream.onDrain(resolve)
      })
    }
    return !this._ended
  }

  end () {
    this._stream.end()
    return this._done
  }
}

module.exports = { Client, FlumeError, connect }
