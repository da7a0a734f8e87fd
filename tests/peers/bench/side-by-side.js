// Side-by-side rebuilds of one log: Flume beside the JavaScript stacks, alternating, whole processes.
// Usage: node side-by-side.js --flume PATH --data DIR [--rounds 5] [--peers s16,s15,db2] [--skip-install]
//   DIR holds `flume/log.offset` and `secret`. Prints a table of medians, spreads and ratios; --json prints one JSON line.
const L = require('./lib'), fs = require('fs'), os = require('os'), path = require('path'), cp = require('child_process')
const flume = path.resolve(L.arg('flume')), data = path.resolve(L.arg('data')), rounds = +L.arg('rounds', 5)
const peers = L.arg('peers', 's16,db2').split(',').filter(Boolean)
const folder = { s16: 'server', s15: 'classic19', db2: 'db2' }
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'flume-side-by-side-'))

function install (peer) {
  const dir = path.join(L.ROOT, folder[peer])
  if (fs.existsSync(path.join(dir, 'node_modules')) || L.flag('skip-install')) return
  console.error(`installing ${folder[peer]} …`)
  cp.execSync('npm install --no-package-lock --no-audit --no-fund', { cwd: dir, stdio: ['ignore', 'ignore', 'inherit'] })
}

function timed (command, args) {
  const start = process.hrtime.bigint()
  const out = cp.spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] })
  const ms = Number(process.hrtime.bigint() - start) / 1e6
  if (out.status !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${out.status}`)
  return { ms, line: out.stdout.trim().split('\n').pop() }
}

// What is measured starts on a quiet disk, with its log and its program in the system's cache: a log of a few hundred messages
// went through the same program just before.
function settle (log) {
  cp.execSync('sync')
  const file = fs.openSync(log, 'r'), buffer = Buffer.alloc(1 << 20)
  while (fs.readSync(file, buffer) > 0);
  fs.closeSync(file)
}

const runOf = (peer, from) => path.join(work, peer + '-' + path.basename(from))
function preparePeer (peer, from) {
  const run = runOf(peer, from)
  L.prep(from, run)
  // ssb-db2 has a log of its own format. It is made once and not measured; what is measured is a start without indexes.
  if (peer === 'db2') timed('node', [path.join(__dirname, 'db2.js'), 'migrate', '--run', run])
}
function runPeer (peer, from) {
  const run = runOf(peer, from)
  if (peer === 'db2') {
    settle(path.join(run, 'db2', 'log.bipf'))
    const r = JSON.parse(timed('node', [path.join(__dirname, 'db2.js'), 'index', '--run', run]).line)
    return { ms: r.total_ms, rss: r.maxrss_MB, bytes: r.sizes && Object.values(r.sizes).reduce((a, b) => a + b, 0) }
  }
  L.prep(from, run)
  settle(path.join(run, 'flume', 'log.offset'))
  const r = JSON.parse(timed('node', [path.join(__dirname, 'rebuild.js'), '--run', run, '--stack', peer]).line)
  return { ms: r.built_ms, rss: r.maxrss_MB, bytes: Object.values(r.view_bytes).reduce((a, b) => a + b, 0) }
}

const homeOf = from => path.join(work, 'flume-' + path.basename(from))
function prepareFlume (from) {
  const home = homeOf(from), dir = path.join(home, 'identities', 'bench')
  fs.mkdirSync(dir, { recursive: true })
  fs.copyFileSync(path.join(from, 'secret'), path.join(dir, 'secret'))
  timed(flume, ['import', path.join(from, 'flume', 'log.offset'), '--identity', 'bench', '--data', home, '--json'])
  return runFlume(from) // tries every private box once, and remembers
}
function runFlume (from) {
  const home = homeOf(from)
  settle(path.join(home, 'identities', 'bench', 'log.offset'))
  const { ms, line } = timed(flume, ['rebuild', '--identity', 'bench', '--data', home, '--json'])
  const r = JSON.parse(line)
  return { ms, rss: r.peakMemoryBytes / 1048576, bytes: L.du(path.join(home, 'identities', 'bench', 'views')) }
}

const small = path.join(work, 'few'), vectors = path.join(__dirname, '..', '..', 'vectors', 'small')
fs.mkdirSync(path.join(small, 'flume'), { recursive: true })
fs.copyFileSync(path.join(vectors, 'log.offset'), path.join(small, 'flume', 'log.offset'))
fs.copyFileSync(path.join(vectors, 'secret'), path.join(small, 'secret'))
const warm = run => (run(small), run(data))

const median = a => { const s = a.slice().sort((x, y) => x - y), half = s.length >> 1; return s.length % 2 ? s[half] : (s[half - 1] + s[half]) / 2 }
const spread = a => `${Math.min(...a).toFixed(0)}–${Math.max(...a).toFixed(0)}`
for (const p of peers) install(p)
const logBytes = fs.statSync(path.join(data, 'flume', 'log.offset')).size
for (const p of peers) { preparePeer(p, small); preparePeer(p, data) }
prepareFlume(small)
const cold = prepareFlume(data)
const results = { flume: [] }
for (let i = 0; i < rounds; i++) {
  for (const p of peers) { (results[p] = results[p] || []).push(warm(from => runPeer(p, from))); results.flume.push(warm(runFlume)) }
  if (!peers.length) results.flume.push(warm(runFlume))
  console.error(`round ${i + 1}/${rounds}`)
}
fs.rmSync(work, { recursive: true, force: true })
const base = median(results.flume.map(r => r.ms)), rows = []
for (const [name, runs] of Object.entries(results)) {
  const ms = runs.map(r => r.ms)
  rows.push({ what: name, runs: runs.length, median_ms: +median(ms).toFixed(0), spread_ms: spread(ms), ratio: +(median(ms) / base).toFixed(1), rss_MB: +median(runs.map(r => r.rss || 0)).toFixed(0), disk_of_log: +(median(runs.map(r => r.bytes || 0)) / logBytes).toFixed(3) })
}
if (L.flag('json')) L.out({ log_bytes: logBytes, cold_ms: +cold.ms.toFixed(0), rows })
else { console.log(`log ${logBytes} bytes; Flume's first rebuild, which tries every private box: ${cold.ms.toFixed(0)} ms`); console.table(rows) }
