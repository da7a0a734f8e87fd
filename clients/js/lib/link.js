'use strict'

const path = require('path')
const { FlumeError } = require('./errors')
const { HttpLink } = require('./http-link')
const { SocketLink } = require('./socket-link')

const PATIENCE_MS = 60000

/** The link that options name: {socket}, {directory, identity}, or {http, identity}. */
function linkTo (options) {
  const { socket, directory, identity, http, patience = PATIENCE_MS } = options || {}
  if (socket) return new SocketLink({ socket, patience })
  if (!identity) throw new FlumeError('USAGE', 'Name an identity, or the path of its socket: {identity, directory}, {identity, http} or {socket}.')
  if (http) return new HttpLink({ http, identity, patience })
  if (directory) return new SocketLink({ socket: path.join(directory, 'identities', identity, 'socket'), patience, directory, identity })
  throw new FlumeError('USAGE', `Say where Flume serves '${identity}': give its data directory, an http address, or the path of its socket.`)
}

module.exports = { linkTo }
