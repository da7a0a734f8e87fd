// A JavaScript server on a classic directory: ssb-db publishes one message. Prints "published KEY", or "stopped: WHY".
// classic.js DIR
const path = require('path')
const ssbKeys = require('ssb-keys')
const dir = path.resolve(process.argv[2])
const stopped = why => { console.log(`stopped: ${String(why && why.message || why).split('\n')[0]}`); process.exit(3) }

process.on('uncaughtException', stopped)
process.on('unhandledRejection', stopped)
const keys = ssbKeys.loadOrCreateSync(path.join(dir, 'secret'))
const Server = require('secret-stack')({ appKey: require('ssb-caps').shs }).use(require('ssb-db'))
const server = Server({
  path: dir, keys, temp: false, caps: require('ssb-caps'),
  connections: { incoming: { net: [{ scope: 'device', transform: 'shs', port: 0, host: '127.0.0.1' }] }, outgoing: {} }
})
server.publish({ type: 'post', text: 'from JavaScript' }, (failed, message) => {
  if (failed) return stopped(failed)
  server.close(() => { console.log(`published ${message.key}`); process.exit(0) })
})
