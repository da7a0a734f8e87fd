'use strict'

const assert = require('node:assert')
const path = require('node:path')
const { afterEach, beforeEach, test } = require('node:test')
const { flumelog } = require('..')
const { FakeService } = require('./fake-service')

let service
let log

beforeEach(async () => {
  service = new FakeService()
  await service.start()
  log = flumelog({ socket: service.path, dir: path.join(path.dirname(service.path), 'views') })
})

afterEach(() => new Promise((resolve) => log.close(resolve)).then(() => service.kill()))

const since = (value) => new Promise((resolve) => {
  const remove = log.since((now) => { if (now >= value) { resolve(now); setImmediate(() => remove()) } })
})
const append = (values) => new Promise((resolve, reject) => log.append(values, (error, seq) => error ? reject(error) : resolve(seq)))
const get = (seq) => new Promise((resolve, reject) => log.get(seq, (error, value) => error ? reject(error) : resolve(value)))
const collect = (read, count = Infinity) => new Promise((resolve, reject) => {
  const items = []
  read(null, function next (end, item) {
    if (end) return end === true ? resolve(items) : reject(end)
    items.push(item)
    if (items.length === count) return read(true, () => resolve(items))
    read(null, next)
  })
})
const collector = (read) => {
  const items = []
  const ended = new Promise((resolve) => read(null, function next (end, item) {
    if (end) return resolve(end)
    items.push(item)
    setImmediate(() => read(null, next))
  }))
  return { items, ended }
}
const until = async (isTrue) => { while (!isTrue()) await new Promise((resolve) => setImmediate(resolve)) }

test('an empty log has since -1 and no records', async () => {
  assert.strictEqual(await since(-1), -1)
  assert.deepStrictEqual(await collect(log.stream({})), [])
})

test('since has moved when an append calls back', async () => {
  const seqs = await Promise.all([append('a'), append(['b', 'c']), append({ d: 1 })])
  assert.deepStrictEqual(seqs, [0, 30, 45])
  assert.strictEqual(log.since.value, 45)
  assert.strictEqual(await append([]), 45)
})

test('many appends at once go in few calls and keep their order', async () => {
  const numbers = Array.from({ length: 1000 }, (_, i) => i)
  await Promise.all(numbers.map((i) => append(i)))
  assert.deepStrictEqual(await collect(log.stream({ seqs: false })), numbers)
  assert.ok(service.calls.filter((name) => name === 'flume.append').length < 10)
})

test('get gives the record, and tells when it was deleted', async () => {
  const seq = await append({ a: 1 })
  assert.deepStrictEqual(await get(seq), { a: 1 })
  await new Promise((resolve, reject) => log.del(seq, (error) => error ? reject(error) : resolve()))
  await assert.rejects(get(seq), { code: 'flumelog:deleted' })
  assert.deepStrictEqual(await collect(log.stream({})), [])
})

test('a stream gives what its options ask for', async () => {
  await append(['a', 'b', 'c'])
  assert.deepStrictEqual(await collect(log.stream()), [{ value: 'a', seq: 0 }, { value: 'b', seq: 15 }, { value: 'c', seq: 30 }])
  assert.deepStrictEqual(await collect(log.stream({ seqs: false, gt: 0 })), ['b', 'c'])
  assert.deepStrictEqual(await collect(log.stream({ values: false, lt: 30 })), [0, 15])
  assert.deepStrictEqual(await collect(log.stream({ seqs: false, limit: 2 })), ['a', 'b'])
  assert.deepStrictEqual(Object.keys((await collect(log.stream({ limit: 1 })))[0]), ['value', 'seq'])
})

test('a live stream goes on until it is aborted', async () => {
  await append(['a', 'b'])
  const coming = collect(log.stream({ live: true, seqs: false }), 4)
  await append('c')
  await append('d')
  assert.deepStrictEqual(await coming, ['a', 'b', 'c', 'd'])
})

test('a stream without old records begins behind what was there at the call', async () => {
  await append('a')
  const read = log.stream({ old: false, seqs: false })
  await append('b')
  assert.deepStrictEqual(await collect(read, 1), ['b'])
})

test('live streams and since go on where they were when the service was killed', async () => {
  await append(['a', 'b'])
  const { items } = collector(log.stream({ live: true, seqs: false }))
  await until(() => items.length === 2)
  for (let round = 0; round < 3; round++) {
    await service.kill()
    service.append(`away ${round}`)
    await service.start()
    await since(service.since)
    service.append(`back ${round}`)
    await until(() => items.length === 4 + 2 * round)
  }
  assert.deepStrictEqual(items, ['a', 'b', 'away 0', 'back 0', 'away 1', 'back 1', 'away 2', 'back 2'])
})

test('an append that was under way when the connection was lost is told as unknown', async () => {
  await since(-1)
  const append = service._answer
  service._answer = () => service.kill()
  await assert.rejects(() => new Promise((resolve, reject) => log.append('a', (error) => error ? reject(error) : resolve())), { code: 'LOST' })
  service._answer = append
  await service.start()
})

test('a log that lost records ends its streams with an error, so that flumedb builds its views again', async () => {
  await append(['a', 'b', 'c'])
  const { items, ended } = collector(log.stream({ live: true }))
  await until(() => items.length === 3)
  await service.kill()
  service.records.pop()
  await service.start()
  assert.strictEqual((await ended).code, 'SHRANK')
  assert.strictEqual(log.since.value, 15)
})

test('a codec writes and reads the bytes', async () => {
  const codec = { encode: (value) => Buffer.from(value, 'hex'), decode: (bytes) => bytes.toString('hex'), buffer: true }
  const raw = flumelog({ socket: service.path, codec })
  const seq = await new Promise((resolve, reject) => raw.append(['00ff10', '01'], (error, seq) => error ? reject(error) : resolve(seq)))
  assert.ok(service.records[0].bytes.equals(Buffer.from([0, 255, 16])))
  assert.strictEqual(await new Promise((resolve) => raw.get(seq, (error, value) => resolve(error || value))), '01')
  await new Promise((resolve) => raw.close(resolve))
})

test('what is no JSON is refused before it is sent', async () => {
  await assert.rejects(append(undefined), { code: 'USAGE' })
})

test('closing waits for appends, ends streams, and refuses what comes later', async () => {
  const { ended } = collector(log.stream({ live: true }))
  const appended = append('a')
  await new Promise((resolve) => log.close(resolve))
  assert.strictEqual(await appended, 0)
  assert.strictEqual(await ended, true)
  await assert.rejects(append('b'), { code: 'CLOSED' })
})

test('the filename is for the views of flumedb', () => {
  assert.strictEqual(log.filename, path.join(path.dirname(service.path), 'views', 'flume.log'))
})

