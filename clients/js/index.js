'use strict'

const { Client, connect } = require('./lib/client')
const { createFlumelog } = require('./lib/flumelog')
const { FlumeError } = require('./lib/errors')
const { linkTo } = require('./lib/link')
const { registerView } = require('./register-view')

/** A flumelog over a link of its own: what `flumedb(flumelog(options))` takes. It connects by itself. */
function flumelog (options) {
  const link = linkTo(options)
  return createFlumelog(link, { ...options, closeLink: true })
}

module.exports = { Client, FlumeError, connect, flumelog, registerView }
