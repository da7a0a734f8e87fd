'use strict'
// Against the real program, when it is built: FLUME names it, or it lies where `run.sh` builds it.

const assert = require('node:assert')
const { spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, test } = require('node:test')
const { connect, registerView } = require('..')

const PROGRAM = process.env.FLUME || path.join(__dirname, '../../../Flume.Host/bin/Release/net10.0/flume')
const skip = fs.existsSync(PROGRAM) ? false : 'Flume is not built'
const data = fs.mkdtempSync(path.join(os.tmpdir(), 'flume-views-'))
const directory = path.join(data, 'd')
const config = path.join(data, 'test.conf')

let flume = null
let address = null

async function serve () {
  fs.writeFileSync(config, 'flume.muxrpc.address = off\n')
  flume = spawn(PROGRAM, ['serve', '--data', directory, '--http', '127.0.0.1:0', '--config', config])
  flume.exited = new Promise((resolve) => flume.once('exit', resolve))
  let said = ''
  address = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`flume serve did not start: ${said}`)), 60000)
    flume.stderr.on('data', (text) => { said += text })
    flume.stdout.on('data', (text) => {
      const at = /at (http:\/\/\S+)/.exec(said += text)
      if (!at) return
      clearTimeout(late)
      resolve(at[1])
    })
  })
}

async function kill (signal) {
  flume.kill(signal)
  await flume.exited
}

const types = {
  name: 'types',
  version: 1,
  initial: {},
  map: (message) => message.value.content.type,
  reduce (state, type) { state[type] = (state[type] || 0) + 1; return state }
}

if (!skip) before(serve, { timeout: 70000 })
after(async () => {
  if (flume) await kill('SIGKILL')
  fs.rmSync(data, { recursive: true, force: true })
})

/** Connects as soon as the service has opened the identity. */
async function reach (where) {
  const late = Date.now() + 30000
  while (true) {
    try {
      return await connect(where)
    } catch (error) {
      if (error.code !== 'UNREACHABLE' || Date.now() > late) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

const ways = {
  'the socket': () => reach({ directory, identity: 'sample' }),
  HTTP: () => reach({ http: address, identity: 'sample' })
}

for (const [way, open] of Object.entries(ways)) {
  test(`over ${way} a view reduces the log, and follows it`, { skip, timeout: 60000 }, async () => {
    const client = await open()
    const view = registerView(client, { ...types, name: `types-${way === 'HTTP' ? 'http' : 'socket'}` })
    const first = await view.get()
    const counted = JSON.parse(await declared(client, 'counted', [{ $reduce: { type: ['value', 'content', 'type'], n: { $count: true } } }]))
    for (const { type, n } of counted) if (type) assert.strictEqual(first[type], n, type)
    await client.call('publish', { type: 'post', text: 'one more' })
    assert.strictEqual((await view.get()).post, first.post + 1)
    assert.strictEqual(await view.close(), null)
    await client.close()
  })
}

test('a view goes on after kill -9 of the service, and its state is there before its client', { skip, timeout: 120000 }, async () => {
  const client = await reach({ directory, identity: 'sample' })
  const view = registerView(client, types)
  const before = await view.get()
  await kill('SIGKILL')
  await serve()
  const reader = await reach({ directory, identity: 'sample' })
  assert.deepStrictEqual(await reader.call('views.get', 'types', { wait: false }), before)
  await reader.call('publish', { type: 'post', text: 'after the crash' })
  assert.strictEqual((await view.get()).post, before.post + 1)
  await view.close()
  await Promise.all([client.close(), reader.close()])
})

async function declared (client, name, query) {
  await client.call('views.register', name, { query })
  const rows = []
  for await (const row of client.stream('views.read', name)) rows.push(row)
  return JSON.stringify(rows)
}
