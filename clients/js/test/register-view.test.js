'use strict'

const assert = require('node:assert')
const { test } = require('node:test')
const { registerView } = require('..')
const { FlumeError } = require('../lib/errors')
const { FakeDesk } = require('./fake-desk')

const COUNT = {
  name: 'count',
  version: 1,
  map: (value) => value.skip ? null : value.n,
  reduce: (state, n, seq) => ({ sum: state.sum + n, last: seq }),
  initial: { sum: 0, last: -1 }
}

const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => ({ n: from + i }))

test('a view reduces what is there and what comes', async () => {
  const desk = new FakeDesk()
  desk.append(...numbers(1, 10), { skip: true })
  const view = registerView(desk, COUNT)
  assert.deepStrictEqual(await view.get(), { sum: 55, last: 900 })
  desk.append({ n: 45 })
  assert.deepStrictEqual(await view.get(), { sum: 100, last: 1100 })
  assert.strictEqual(view.since, 1100)
  assert.strictEqual(await view.close(), null)
})

test('a view goes on from what was committed', async () => {
  const desk = new FakeDesk()
  desk.append(...numbers(1, 3))
  const first = registerView(desk, COUNT)
  await first.get()
  await first.close()
  desk.append({ n: 4 })
  const seen = []
  const second = registerView(desk, { ...COUNT, map: (value) => { seen.push(value.n); return value.n } })
  assert.deepStrictEqual(await second.get(), { sum: 10, last: 300 })
  assert.deepStrictEqual(seen, [4])
  await second.close()
})

test('another version starts over', async () => {
  const desk = new FakeDesk()
  desk.append(...numbers(1, 3))
  const first = registerView(desk, COUNT)
  await first.get()
  await first.close()
  const second = registerView(desk, { ...COUNT, version: 2, reduce: (state, n) => ({ sum: state.sum - n }) })
  assert.deepStrictEqual(await second.get(), { sum: -6 })
  await second.close()
})

test('a rebuild starts over with the initial state, untouched by reduce', async () => {
  const desk = new FakeDesk()
  desk.append(...numbers(1, 4))
  const view = registerView(desk, { ...COUNT, initial: { all: [] }, reduce (state, n) { state.all.push(n); return state } })
  assert.deepStrictEqual(await view.get(), { all: [1, 2, 3, 4] })
  desk.rebuild()
  assert.deepStrictEqual(await view.get(), { all: [1, 2, 3, 4] })
  await view.close()
})

test('far behind it commits by the window, not by the record', async () => {
  const desk = new FakeDesk({ batch: 2, windowBytes: 4000 })
  desk.append(...numbers(1, 400))
  const view = registerView(desk, COUNT)
  assert.strictEqual((await view.get()).sum, 80200)
  assert.ok(desk.commits.length >= 10 && desk.commits.length <= 60, `${desk.commits.length} commits`)
  await view.close()
})

test('a lost connection is made again and nothing is counted twice', async () => {
  const desk = new FakeDesk()
  desk.append(...numbers(1, 5))
  const view = registerView(desk, COUNT)
  await view.get()
  desk.lose = new FlumeError('LOST', 'the answer of a commit never came')
  desk.append({ n: 6 })
  await new Promise((resolve) => setTimeout(resolve, 5))
  desk.lose = null
  assert.strictEqual((await view.get()).sum, 21)
  desk.cut()
  desk.append({ n: 7 })
  assert.strictEqual((await view.get()).sum, 28)
  await view.close()
})

test('a client that was replaced stops and says so', async () => {
  const desk = new FakeDesk()
  desk.append({ n: 1 })
  const first = registerView(desk, COUNT)
  await first.get()
  const second = registerView(desk, COUNT)
  const error = await first.stopped
  assert.match(error.message, /Another client/)
  assert.strictEqual(first.error, error)
  await assert.rejects(first.get(), /Another client/)
  assert.strictEqual((await second.get()).sum, 1)
  await second.close()
})

test('code that throws stops the view where it was committed', async () => {
  const desk = new FakeDesk({ batch: 1 })
  desk.append({ n: 1 }, { n: 2 })
  const view = registerView(desk, { ...COUNT, reduce (state, n) { if (n === 3) throw new Error('no three'); return { sum: state.sum + n } } })
  assert.deepStrictEqual(await view.get(), { sum: 3 })
  desk.append({ n: 3 })
  const error = await view.stopped
  assert.match(error.message, /View 'count' threw at 200: no three/)
  assert.deepStrictEqual([desk.stored.since, desk.stored.state], [100, '{"sum":3}'])
})

test('a commit that is refused for good stops the view with the reason', async () => {
  const desk = new FakeDesk()
  desk.append({ n: 1 })
  desk.lose = new FlumeError('REMOTE', 'A commit can\'t hold so many bytes', 'TypeError')
  const view = registerView(desk, COUNT)
  assert.match((await view.stopped).message, /so many bytes/)
})

test('listeners hear of each move until they go', async () => {
  const desk = new FakeDesk()
  desk.append({ n: 1 })
  const view = registerView(desk, COUNT)
  const heard = []
  const stop = view.onMove((state, since) => heard.push([state.sum, since]))
  await view.get()
  stop()
  desk.append({ n: 2 })
  await view.get()
  assert.deepStrictEqual(heard, [[1, 0]])
  await view.close()
})

test('closing commits the rest', async () => {
  const desk = new FakeDesk({ batch: 1 })
  desk.append({ n: 1 })
  const view = registerView(desk, COUNT)
  await view.get()
  desk.append({ n: 2 })
  await new Promise((resolve) => setImmediate(resolve))
  await view.close()
  assert.strictEqual(desk.stored.since, view.since)
})

test('what is no view is refused at once', () => {
  const desk = new FakeDesk()
  for (const wrong of [{}, { ...COUNT, version: 0 }, { ...COUNT, version: '1' }, { ...COUNT, reduce: null }, { ...COUNT, map: 5 }]) {
    assert.throws(() => registerView(desk, wrong), { code: 'USAGE' })
  }
})
