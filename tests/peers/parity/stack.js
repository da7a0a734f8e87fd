'use strict'
// The classic server of the newest flume line-up without its network: ssb-db and the plugins whose answers are compared.
// FLUME_PEER_MODULES names the node_modules folder; the default is ../server/node_modules.
const path = require('path')
const fs = require('fs')
const modules = path.resolve(process.env.FLUME_PEER_MODULES || path.join(__dirname, '..', 'server', 'node_modules'))
const load = name => require(path.join(modules, name))

// The database behind ssb-db is caught as it is made: records are appended to it as they are, and its views are watched.
const flumeAt = require.resolve(path.join(modules, 'flumedb'))
const Flume = require(flumeAt)
let database = null
require.cache[flumeAt].exports = (...args) => (database = Flume(...args))

// ssb-friends insists on a replicator.
const replicator = {
  name: 'replicate',
  version: '0.0.0',
  manifest: {},
  init: () => ({ request () {}, block () {}, upto: () => () => {} })
}

// Plugins of other line-ups, each under a name of its own: used when FLUME_PEER_MORE names their node_modules folder.
const more = process.env.FLUME_PEER_MORE && path.resolve(process.env.FLUME_PEER_MORE)
const others = { friends5: 'ssb-friends', meme: 'ssb-meme', private: 'ssb-private', tangle: 'ssb-tangle' }

exports.load = load

exports.start = directory => {
  const keys = JSON.parse(fs.readFileSync(path.join(directory, 'secret'), 'utf8').replace(/^\s*#.*$/gm, ''))
  let stack = load('secret-stack')({ caps: load('ssb-caps') }).use(load('ssb-db')).use(load('ssb-private1')).use(replicator)
  for (const name of ['master', 'friends', 'query', 'links', 'backlinks', 'about', 'search']) stack = stack.use(load('ssb-' + name))
  for (const name of Object.keys(others)) {
    if (more) stack = stack.use(inOrder(name, require(path.join(more, others[name]))))
  }
  const ssb = stack.call(null, load('ssb-config/inject')('parity', {
    path: directory,
    keys,
    logging: { level: 'error' },
    friends: { hops: 3, hookAuth: false },
    connections: { incoming: {}, outgoing: {} }
  }))
  // Plugins add members to the very object that the log's cache holds, and other calls would show them: a copy each.
  ssb.addMap((message, cb) => cb(null, structuredClone(message)))
  return { ssb, database }
}

// The plugin under another name; of its views too, since two versions of one plugin call theirs the same.
function inOrder (name, plugin) {
  return Object.assign({}, plugin, {
    name,
    init: (ssb, config) => plugin.init(Object.assign(Object.create(ssb), {
      _flumeUse: (view, create) => ssb._flumeUse(`${name}-${view}`, create)
    }), config)
  })
}

// Calls back when every view has reached the head of the log, or with the names of those that stand still.
exports.whenCurrent = (database, patienceMs, cb) => {
  const began = Date.now()
  const look = () => {
    const late = Object.keys(database.views).filter(name => database.views[name].since.value !== database.since.value)
    if (database.since.value != null && late.length === 0) return cb(null)
    if (Date.now() - began > patienceMs) return cb(late)
    setTimeout(look, 5)
  }
  look()
}
