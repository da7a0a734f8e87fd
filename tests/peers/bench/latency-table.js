// One table: the latencies of Flume in process and over HTTP beside the JavaScript modules in process, on one log.
// Usage: node latency-table.js --flume PATH --bench PATH --data DIR [--peer DIR] [--json]
//   --flume and --bench are the built programs flume and Flume.Benchmarks; DIR holds `flume/log.offset` and `secret`.
//   --peer is a run directory whose JavaScript indexes are built already (by rebuild.js); without it they are built here.
const L = require('./lib'), fs = require('fs'), os = require('os'), path = require('path'), cp = require('child_process')
const flume = path.resolve(L.arg('flume')), bench = path.resolve(L.arg('bench')), data = path.resolve(L.arg('data'))
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'flume-latency-'))
const run = L.arg('peer') ? path.resolve(L.arg('peer')) : path.join(work, 'peer')
const home = path.join(work, 'data'), folder = path.join(home, 'identities', 'bench'), targets = path.join(work, 'targets.json')

function last (command, args) {
  const out = cp.spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] })
  if (out.status !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${out.status}`)
  return out.stdout.trim().split('\n').pop()
}
const node = (script, ...args) => last(process.execPath, [path.join(__dirname, script), ...args])

function javascript () {
  if (!L.arg('peer')) { L.prep(data, run); node('rebuild.js', '--run', run, '--stack', 's16') }
  return JSON.parse(node('latency.js', '--run', run, '--stack', 's16', '--targets', targets)).lat
}

function inProcess () {
  fs.mkdirSync(folder, { recursive: true })
  fs.copyFileSync(path.join(data, 'secret'), path.join(folder, 'secret'))
  fs.copyFileSync(path.join(data, 'flume', 'log.offset'), path.join(folder, 'log.offset'))
  return JSON.parse(last(bench, ['latency', folder, targets])).lat
}

function overHttp () {
  return new Promise((resolve, reject) => {
    const server = cp.spawn(flume, ['serve', '--data', home, '--http', '127.0.0.1:0', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
    server.on('error', reject)
    require('readline').createInterface({ input: server.stdout }).once('line', line => {
      const child = cp.spawn(bench, ['latency-http', `${JSON.parse(line).address}/v1/bench`, targets], { stdio: ['ignore', 'pipe', 'inherit'] })
      let text = ''
      child.stdout.on('data', d => { text += d })
      child.on('close', code => { server.kill('SIGTERM'); code === 0 ? resolve(JSON.parse(text).lat) : reject(new Error(`latency-http exited with ${code}`)) })
    })
  })
}

async function main () {
  fs.writeFileSync(targets, node('targets.js', run === path.join(work, 'peer') ? data : run))
  const own = inProcess(), http = await overHttp(), js = javascript()
  const rows = Object.entries(own).map(([what, f]) => ({
    what, rows: +(f.rows / f.n).toFixed(1), js_ms: js[what].mean_ms, flume_ms: f.mean_ms, times: +(js[what].mean_ms / f.mean_ms).toFixed(1),
    http_ms: http[what].mean_ms, http_times: +(js[what].mean_ms / http[what].mean_ms).toFixed(1)
  }))
  if (L.flag('json')) L.out({ bench: 'latency-table', log_bytes: fs.statSync(path.join(folder, 'log.offset')).size, rows, load: L.load() })
  else { console.log('mean milliseconds a call; times: how often ours fits into that of the JavaScript modules'); console.table(rows) }
}
main().finally(() => fs.rmSync(work, { recursive: true, force: true }))
