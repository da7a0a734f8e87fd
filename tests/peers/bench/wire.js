// The whole log through a socket: createLogStream({}) of Flume beside ssb-server 16, in turns.
// Usage: node wire.js --flume PROGRAM --data DIR [--rounds 3]
//   DIR holds `flume/log.offset` and `secret`. `client` reads with npm ssb-client, as programs do, and takes most of the time
//   itself; `bytes` only counts what comes, as a client in a faster language would find it. Prints medians.
const L = require('./lib'), fs = require('fs'), os = require('os'), path = require('path'), net = require('net'), cp = require('child_process')
const R = L.reqFrom('server'), pull = R('pull-stream'), ssbClient = R('ssb-client'), caps = R('ssb-caps')
const flume = path.resolve(L.arg('flume')), data = path.resolve(L.arg('data')), rounds = +L.arg('rounds', 3)
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'flume-wire-'))
const keys = R('ssb-keys').loadSync(path.join(data, 'secret')), key = keys.public.replace('.ed25519', '')
const END = 14

const start = (command, args) => new Promise((resolve, reject) => {
  const child = cp.spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  child.stdout.once('data', line => resolve({ child, told: JSON.parse(line) }))
  child.once('exit', code => reject(new Error(`${command} ended with ${code}`)))
})

async function startFlume () {
  const home = path.join(work, 'flume')
  cp.execFileSync(flume, ['import', path.join(data, 'flume', 'log.offset'), '--secret', path.join(data, 'secret'), '--identity', 'bench', '--data', home], { stdio: 'ignore' })
  const { child, told } = await start(flume, ['serve', '--data', home, '--http', '127.0.0.1:0', '--muxrpc', '127.0.0.1:0', '--json'])
  const socket = path.join(home, 'identities', 'bench', 'socket')
  const status = await fetch(`${told.address}/v1/bench/rpc`, { method: 'POST', body: '{"name":["getVectorClock"],"args":[]}' })
  if (!status.ok) throw new Error(await status.text())
  return { name: 'flume', child, socket, port: +/:(\d+)~/.exec(told.muxrpc)[1] }
}

async function startServer () {
  const run = path.join(work, 'ssb'), port = 20000 + process.pid % 20000
  L.prep(data, run)
  const { child } = await start('node', [path.join(__dirname, 'wire-server.js'), '--run', run, '--port', port])
  return { name: 'ssb-server 16', child, socket: path.join(run, 'socket'), port }
}

const client = remote => new Promise((resolve, reject) => ssbClient(keys, { remote, caps }, (error, ssb) => {
  if (error) return reject(error)
  const began = L.ms()
  let count = 0
  pull(ssb.createLogStream({}), pull.drain(() => { count++ }, error => {
    if (error) return reject(error)
    const ms = L.ms() - began
    ssb.close(() => resolve({ ms, count }))
  }))
}))

/** Counts packets without reading their bodies. */
const bytes = socket => new Promise((resolve, reject) => {
  const connection = net.connect(socket), body = Buffer.from(JSON.stringify({ name: ['createLogStream'], type: 'source', args: [{}] }))
  const head = Buffer.from([10, 0, 0, 0, body.length, 0, 0, 0, 1]), began = L.ms()
  let count = 0, left = 0, rest = Buffer.alloc(0)
  connection.on('error', reject)
  connection.write(Buffer.concat([head, body]))
  connection.on('data', chunk => {
    if (left >= chunk.length) { left -= chunk.length; return }
    let at = left
    const all = rest.length ? (at = 0, Buffer.concat([rest, chunk])) : chunk
    left = 0
    while (at + 9 <= all.length) {
      if (all[at] === END) { connection.destroy(); return resolve({ ms: L.ms() - began, count }) }
      count++
      at += 9 + all.readUInt32BE(at + 1)
    }
    rest = at < all.length ? all.subarray(at) : Buffer.alloc(0)
    if (at > all.length) left = at - all.length
  })
})

const ways = {
  'unix, bytes': peer => bytes(peer.socket),
  'unix, client': peer => client(`unix:${peer.socket}~noauth:${key}`),
  'shs, client': peer => client(`net:127.0.0.1:${peer.port}~shs:${key}`)
}

async function main () {
  const peers = [await startFlume(), await startServer()], times = {}
  for (let round = 0; round <= rounds; round++) {
    for (const [way, run] of Object.entries(ways)) {
      for (const peer of peers) {
        const { ms, count } = await run(peer)
        const row = times[`${peer.name}, ${way}`] = times[`${peer.name}, ${way}`] || { count, runs: [] }
        if (row.count !== count) throw new Error(`${peer.name} gave ${count} messages, and ${row.count} before`)
        if (round > 0) row.runs.push(ms)
      }
    }
  }
  for (const peer of peers) peer.child.removeAllListeners('exit').kill()
  fs.rmSync(work, { recursive: true, force: true })
  const rows = Object.entries(times).map(([what, { count, runs }]) => {
    const ms = L.stats(runs).p50
    return { what, messages: count, median_ms: +ms.toFixed(0), per_second: Math.round(count / ms * 1000) }
  })
  console.table(rows)
  process.exit(0)
}

main().catch(error => { console.error(error); process.exit(1) })
