// node wire-server.js --run RUNDIR --port N: ssb-server 16 as it is started for clients; prints a line when its views are built
const L = require('./lib'), path = require('path')
const R = L.reqFrom('server'), run = path.resolve(L.arg('run')), port = +L.arg('port')
const caps = R('ssb-caps'), makeConfig = R('ssb-config/inject')
const connections = {
  incoming: { unix: [{ scope: ['device', 'local', 'private'], transform: 'noauth', server: true }], net: [{ scope: 'device', host: '127.0.0.1', port, transform: 'shs' }] },
  outgoing: { net: [{ transform: 'shs' }] }
}
const config = makeConfig('ssb', { path: run, keys: L.secret(run), caps, connections, logging: { level: 'error' }, friends: { hookReplicate: false, hookAuth: false } })
const ssb = R('secret-stack')({ caps }).use(R('ssb-db')).use(R('ssb-master')).use(R('ssb-unix-socket')).use(R('ssb-no-auth'))(config)
const timer = setInterval(() => {
  const { since, sync } = ssb.status().sync
  if (!sync || since < 0) return
  clearInterval(timer)
  console.log(JSON.stringify({ since }))
}, 50)
