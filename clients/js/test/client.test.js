'use strict'

const assert = require('node:assert')
const fs = require('node:fs')
const http = require('node:http')
const os = require('node:os')
const path = require('node:path')
const { after, before, test } = require('node:test')
const { connect } = require('..')
const { FakeService } = require('./fake-service')

const service = new FakeService()
let client

before(async () => {
  await service.start()
  client = await connect({ socket: service.path })
})

after(async () => {
  await client.close()
  await service.kill()
})

test('a call resolves with its answer', async () => {
  assert.deepStrictEqual(await client.call('echo', { a: [1, 'x', null] }), { a: [1, 'x', null] })
  assert.strictEqual(await client.call('echo', 'text'), 'text')
  assert.strictEqual(await client.call('echo', ''), '')
})

test('an error of the service has its name and message', async () => {
  await assert.rejects(client.call('nope'), { code: 'REMOTE', name: 'NoSuchMethodError', message: 'no async:nope' })
})

test('an identity that the data directory lacks is named at once, with those that are there', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'flume-js-'))
  fs.mkdirSync(path.join(directory, 'identities', 'sample'), { recursive: true })
  const start = Date.now()
  await assert.rejects(connect({ directory, identity: 'smaple' }), (error) => {
    assert.strictEqual(error.code, 'NO_IDENTITY')
    assert.match(error.message, /no identity 'smaple' .* It has sample\./)
    return true
  })
  assert.ok(Date.now() - start < 1000, 'It did not wait.')
  fs.rmSync(directory, { recursive: true })
})

test('over HTTP errors have the same codes and names', async () => {
  const problems = { ghost: [404, { type: '/problems/no-such-identity', detail: "No identity is named 'ghost'.", expected: 'one of sample' }],
    sample: [404, { type: '/problems/no-such-method', title: 'No such API method', detail: "There is no API method 'nope'." }] }
  const server = http.createServer((request, response) => {
    const [status, problem] = problems[request.url.split('/')[2]]
    request.resume().on('end', () => response.writeHead(status).end(JSON.stringify(problem)))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${server.address().port}`
  await assert.rejects(connect({ http: base, identity: 'ghost' }), { code: 'NO_IDENTITY', message: /Expected one of sample/ })
  await assert.rejects(connect({ http: base, identity: 'sample' }), { code: 'REMOTE', name: 'NoSuchMethodError' })
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

test('many calls at once get each its own answer', async () => {
  const numbers = Array.from({ length: 500 }, (_, i) => i)
  assert.deepStrictEqual(await Promise.all(numbers.map((i) => client.call('echo', i))), numbers)
})

test('a source gives its items, then its end', async () => {
  const items = []
  for await (const item of client.stream('count', 1000)) items.push(item)
  assert.deepStrictEqual(items, Array.from({ length: 1000 }, (_, i) => i))
})

test('leaving the loop ends the stream', async () => {
  for await (const item of client.stream('count', 100000)) {
    if (item === 3) break
  }
  assert.strictEqual(await client.call('echo', 1), 1)
})

test('a sink takes all items, however large, and then the send is done', async () => {
  const items = ['text', { a: 1 }, Buffer.from('bytes'), Buffer.alloc(3000000, 'x'), Buffer.alloc(3000000, 'y'), 'last']
  await client.send('sink', [null], items)
  assert.deepStrictEqual(service.sunk, items)
})

test('a source that does not exist ends with the error', async () => {
  await assert.rejects(async () => { for await (const item of client.stream('nope')) assert.fail(item) }, { message: 'no source:nope' })
})

test('a lost connection is made again by the next call', async () => {
  const lost = client.call('wait').catch((error) => error)
  await service.kill()
  assert.ok(await lost instanceof Error)
  await service.start()
  assert.strictEqual(await client.call('echo', 2), 2)
})

test('a service that is not there is told', async () => {
  await assert.rejects(connect({ socket: `${service.path}-not`, patience: 50 }), { code: 'UNREACHABLE', message: /Is flume serve running/ })
})

test('options that lead nowhere are told', async () => {
  await assert.rejects(connect({}), { code: 'USAGE', message: /Name an identity/ })
  await assert.rejects(connect({ identity: 'alice' }), { code: 'USAGE', message: /Say where Flume serves 'alice'/ })
})
