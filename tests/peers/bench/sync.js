'use strict'
// Replication beside ssb-server 16: initial sync by EBT and createHistoryStream, live latency, one blob; sides in turns.
// Usage: node sync.js --flume PROGRAM --data DIR [--rounds 3] [--rows TEXT]
//   DIR holds `flume/log.offset` and `secret`, as `flume-bench syncdata` makes them. The receiver follows the owner of the log, so
//   the owner's follows come by two hops. Each peer is one process. A row is RECEIVER <- SENDER; --rows keeps those that contain
//   a text; --verbose shows what the processes print. CPU time and peak memory are those of /proc. A Flume is asked every 20 ms whether it is done, a js16 asks itself.
const fs = require('fs'), os = require('os'), path = require('path'), cp = require('child_process'), readline = require('readline')
const crypto = require('crypto'), L = require('./lib')
const flume = path.resolve(L.arg('flume')), data = path.resolve(L.arg('data')), rounds = +L.arg('rounds', 3), only = L.arg('rows', '')
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'flume-sync-'))
const PEER = path.join(L.ROOT, 'replication', 'peer.js')
const modules = path.join(process.env.PEERS || path.join(L.ROOT, 'replication'), 'js16', 'node_modules')
const RECORDS = [], records = () => { if (!RECORDS[0]) L.records(path.join(data, 'flume', 'log.offset'), () => RECORDS[0] = (RECORDS[0] || 0) + 1); return RECORDS[0] }
const LATENCIES = 100, BLOB = 4e6, LIMIT = 60e3
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))
const secret = L.secret(data)

/** CPU milliseconds and peak megabytes of a process. */
const usage = pid => {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return { cpu: (+stat[11] + +stat[12]) * 10, mb: +/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1] / 1024 }
}
const lines = child => readline.createInterface({ input: child.stdout })
let last = 0

async function js16 ({ full, legacy }) {
  const dir = path.join(work, `js${++last}`)
  if (full) L.prep(data, dir)
  const child = cp.spawn('node', [PEER, 'js16', dir, legacy ? 'noebt' : ''],
    { stdio: ['pipe', 'pipe', L.flag('verbose') ? 'inherit' : 'ignore'], env: Object.assign({}, process.env, { NODE_PATH: modules }) })
  const waiting = new Map(), seen = []
  let id = 0
  const call = (cmd, ...args) => new Promise((resolve, reject) => {
    waiting.set(++id, { resolve, reject })
    child.stdin.write(JSON.stringify({ id, cmd, args }) + '\n')
  })
  await new Promise(resolve => lines(child).on('line', line => {
    if (line[0] !== '{') return
    const told = JSON.parse(line)
    if (told.id === 0) return resolve()
    if (told.seen) return seen.push(+told.seen)
    const { resolve: done, reject } = waiting.get(told.id)
    if (told.error) reject(new Error(told.error)); else done(told.result)
  }))
  return {
    name: 'js16', child, dir, seen, address: await call('address'), id: await call('id'),
    follow: id => call('follow', id), connect: address => call('connect', address),
    ready: () => call('ready'), until: count => call('untilTotal', count), want: blob => call('wantBlob', blob),
    watch: () => call('watch'), tick: () => call('tick')
  }
}

async function flumePeer ({ full, legacy }) {
  const dir = path.join(work, `flume${++last}`), config = path.join(work, 'flume.conf'), identity = path.join(dir, 'identities', 'me')
  if (full) {
    fs.mkdirSync(identity, { recursive: true })
    fs.copyFileSync(path.join(data, 'flume', 'log.offset'), path.join(identity, 'log.offset'))
    fs.copyFileSync(path.join(data, 'secret'), path.join(identity, 'secret'))
    fs.chmodSync(path.join(identity, 'secret'), 0o600)
  }
  fs.writeFileSync(config, `flume.replication { enabled = on, ebt = ${legacy ? 'off' : 'on'}, fall-back-ms = 500 }`)
  const child = cp.spawn(flume, ['serve', '--empty', '--data', dir, '--http', '127.0.0.1:0', '--muxrpc', '127.0.0.1:0', '--config', config, '--json'],
    { stdio: ['ignore', 'pipe', L.flag('verbose') ? 'inherit' : 'ignore'] })
  const told = await new Promise(resolve => lines(child).once('line', line => resolve(JSON.parse(line))))
  const post = async (at, body) => {
    const answer = await fetch(`${told.address}${at}`, { method: 'POST', body })
    if (!answer.ok) throw new Error(await answer.text())
    return answer
  }
  const call = async (name, ...args) => {
    const text = await (await post('/v1/me/rpc', JSON.stringify({ name: name.split('.'), args }))).text()
    return text ? JSON.parse(text) : null
  }
  if (!full) await post('/v1/identities/me', '')
  const { id } = await call('whoami'), seen = []
  let address
  for (let tries = 0; !address && tries < 200; tries++) {
    const found = JSON.stringify(await (await fetch(`${told.address}/v1/identities/me`)).json())
    address = (/net:[^"]*~shs:[^"]*/.exec(found) || /net:[^"]*~shs:[^"]*/.exec(JSON.stringify(told)) || [])[0]
    if (!address) await sleep(50)
  }
  const state = () => call('flume.replication')
  while (!await state()) await sleep(50)
  return {
    name: 'Flume', child, dir: identity, id, address, seen,
    follow: id => call('publish', { type: 'contact', contact: id, following: true }),
    connect: address => call('conn.connect', address),
    ready: async () => { while (!(await call('status')).sync.sync) await sleep(50) },
    until: async count => { while ((await state()).accepted < count) await sleep(20) },
    want: blob => call('blobs.want', blob),
    tick: () => call('publish', { type: 'post', text: 'tick', t: process.hrtime.bigint().toString() }),
    watch: async () => {
      const answer = await post('/v1/me/rpc', JSON.stringify({ name: ['createLogStream'], args: [{ live: true, old: false }] }))
      ;(async () => {
        let rest = ''
        for await (const chunk of answer.body) {
          const now = process.hrtime.bigint(), parts = (rest + Buffer.from(chunk)).split('\n')
          rest = parts.pop()
          for (const part of parts) { const t = /"t":"(\d+)"/.exec(part); if (t) seen.push(Number(now - BigInt(t[1])) / 1e6) }
        }
      })().catch(() => {})
    }
  }
}

const kinds = { js16, Flume: flumePeer }
const within = (promise, what) => Promise.race([promise, sleep(LIMIT).then(() => { throw new Error(`${what} took longer than ${LIMIT / 1000} s`) })])

/** The file of a blob with random content; its id. */
function putBlob (dir) {
  const content = crypto.randomBytes(BLOB), hash = crypto.createHash('sha256').update(content).digest()
  const folder = path.join(dir, 'blobs', 'sha256', hash.toString('hex').slice(0, 2))
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, hash.toString('hex').slice(2)), content)
  return `&${hash.toString('base64')}.sha256`
}

async function run (to, from, legacy) {
  const sender = await kinds[from]({ full: true, legacy }), receiver = await kinds[to]({ full: false, legacy })
  try {
    await within(Promise.all([sender.ready(), receiver.follow(sender.id)]), 'the start')
    await sender.follow(receiver.id)
    await sleep(1000)
    const before = [usage(receiver.child.pid), usage(sender.child.pid)], began = L.ms(), count = records()
    await receiver.connect(sender.address)
    // Both follows count: the receiver's own message is in its log, the sender's new one comes too.
    await within(receiver.until(count + 2), `${to} <- ${from}`)
    const ms = L.ms() - began, after = [usage(receiver.child.pid), usage(sender.child.pid)]
    const result = {
      ms, rate: count / ms * 1000, cpuTo: after[0].cpu - before[0].cpu, cpuFrom: after[1].cpu - before[1].cpu,
      mbTo: after[0].mb, mbFrom: after[1].mb, growTo: after[0].mb - before[0].mb
    }
    await receiver.watch()
    await sleep(500)
    for (let i = 0; i < LATENCIES; i++) { await sender.tick(); await sleep(20) }
    await sleep(300)
    result.live = receiver.seen
    if (!legacy) {
      const blob = putBlob(sender.dir), at = L.ms()
      await within(receiver.want(blob), 'the blob')
      result.blob = BLOB / 1e6 / (L.ms() - at) * 1000
    }
    console.error(`${to} <- ${from} ${legacy ? 'legacy' : 'EBT'}: ${Math.round(ms)} ms, CPU ${result.cpuTo} / ${result.cpuFrom} ms`)
    return result
  } finally {
    await Promise.all([sender.child, receiver.child].map(child => new Promise(resolve => {
      child.once('exit', resolve)
      child.kill('SIGKILL')
    })))
    fs.rmSync(sender.dir, { recursive: true, force: true })
    fs.rmSync(receiver.dir, { recursive: true, force: true })
  }
}

const median = a => a.length ? a.slice().sort((x, y) => x - y)[a.length >> 1] : NaN
const show = (number, digits = 0) => Number.isFinite(number) ? number.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits }) : '-'

async function main () {
  const rows = []
  for (const legacy of [false, true]) for (const to of ['js16', 'Flume']) for (const from of ['js16', 'Flume']) rows.push({ to, from, legacy, runs: [] })
  const kept = rows.filter(row => `${row.to} <- ${row.from} ${row.legacy ? 'legacy' : 'EBT'}`.includes(only))
  for (let round = 0; round < rounds; round++) {
    for (const row of kept) row.runs.push(await run(row.to, row.from, row.legacy).catch(error => { console.error(`${row.to} <- ${row.from}: ${error.message}`); return null }))
  }
  console.log(`${show(records())} messages, ${rounds} rounds, medians; load ${L.load().join(' ')}\n`)
  console.log('| receiver <- sender | s | messages/s | CPU receiver s | CPU sender s | µs a message, receiver / sender | peak MB receiver / sender | grown MB | live ms, median / p95 | 4 MB blob MB/s |')
  console.log('|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|')
  for (const { to, from, legacy, runs } of kept) {
    const good = runs.filter(Boolean), m = key => median(good.map(one => one[key])), live = good.flatMap(one => one.live).sort((x, y) => x - y)
    const micros = key => show(m(key) * 1000 / records())
    console.log(`| ${to} <- ${from}, ${legacy ? 'legacy' : 'EBT'} | ${show(m('ms') / 1000, 2)} | ${show(m('rate'))} | ${show(m('cpuTo') / 1000, 2)} | ` +
      `${show(m('cpuFrom') / 1000, 2)} | ${micros('cpuTo')} / ${micros('cpuFrom')} | ${show(m('mbTo'))} / ${show(m('mbFrom'))} | ${show(m('growTo'))} | ` +
      `${show(median(live), 1)} / ${show(live[Math.floor(live.length * 0.95)], 1)} | ${legacy ? '-' : show(m('blob'), 0)} |`)
  }
}

main().then(() => 0, error => { console.error(error); return 1 }).then(code => { fs.rmSync(work, { recursive: true, force: true }); process.exit(code) })
