'use strict'
// node kill.js --flume PROGRAM: flumedb with views and live streams over a Flume that is killed again and again while records
// are appended; the views' program is restarted in between. No record may be lost or come twice, in no view and no stream.

const assert = require('assert')
const fs = require('fs')
const os = require('os')
const path = require('path')
const Flume = require('flumedb')
const Level = require('flumeview-level')
const Reduce = require('flumeview-reduce')
const pull = require('pull-stream')
const { connect, flumelog } = require('../../../clients/js')
const { options } = require('../options')
const { Service } = require('./service')

const KILLS = 6
const MOST_IN_FLIGHT = 50
const data = fs.mkdtempSync(path.join(os.tmpdir(), 'flume-kill-'))
const service = new Service(options.flume, data)

const call = (target, name, ...args) => new Promise((resolve, reject) => {
  target[name](...args, (error, value) => error ? reject(error) : resolve(value))
})
const until = async (isTrue) => { while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5)) }

/** flumedb as a program would have it: opened again, its views go on where their files say. */
function openViews () {
  const log = flumelog({ directory: data, identity: 'log', dir: path.join(data, 'views'), durability: 'os' })
  return Flume(log)
    .use('byNumber', Level(1, (record) => [record.n]))
    .use('sum', Reduce(1, (sum, n) => ({ count: sum.count + 1, total: sum.total + n }), (record) => record.n, null, { count: 0, total: 0 }))
}

/** Numbers from 0 on, several calls under way; what a crash left unknown is looked up in the log. */
class Writer {
  constructor () {
    this.log = flumelog({ directory: data, identity: 'log', durability: 'os' })
    this.acknowledged = 0
    this.lost = 0
    this._stopping = false
    this._running = this._run()
  }

  async _run () {
    let next = 0
    while (!this._stopping) {
      const numbers = Array.from({ length: 1 + next % MOST_IN_FLIGHT }, (_, i) => next + i)
      const outcomes = await Promise.allSettled(numbers.map((n) => call(this.log, 'append', { n, text: 'x'.repeat(n % 100) })))
      const failed = outcomes.find((outcome) => outcome.status === 'rejected')
      if (!failed) next += numbers.length
      else {
        assert.ok(['LOST', 'UNREACHABLE'].includes(failed.reason.code), failed.reason.stack)
        this.lost++
        next = await this._last() + 1
      }
      assert.ok(next >= this.acknowledged, `only ${next} records are there, and ${this.acknowledged} were acknowledged`)
      this.acknowledged = next
    }
  }

  _last () {
    return new Promise((resolve, reject) => pull(
      this.log.stream({ reverse: true, limit: 1, seqs: false }),
      pull.collect((error, records) => error ? reject(error) : resolve(records.length ? records[0].n : -1))))
  }

  async stop () {
    this._stopping = true
    await this._running
  }
}

/** What a live stream of flumedb gives, in order. */
function follow (db) {
  const seen = []
  pull(db.stream({ live: true, seqs: false }), pull.drain((record) => { seen.push(record.n) }, () => {}))
  return seen
}

function checkOrder (seen, what) {
  seen.forEach((n, i) => assert.strictEqual(n, i, `${what} gave ${n} in the place of ${i}`))
}

async function main () {
  await service.start()
  await service.make('log')
  const writer = new Writer()
  const follower = openViews()
  const seen = follow(follower)
  for (let kill = 0; kill < KILLS; kill++) {
    const enough = seen.length + 2000
    await until(() => seen.length >= enough)
    await service.kill()
    await service.start()
    if (kill % 2 === 1) continue
    const before = seen.length
    await until(() => seen.length > before)
  }
  await writer.stop()
  await until(() => seen.length === writer.acknowledged)
  checkOrder(seen, 'the live stream')
  await checkViews(follower, writer.acknowledged)
  await call(follower, 'close')

  const again = openViews()
  await call(again, 'append', { n: writer.acknowledged })
  await checkViews(again, writer.acknowledged + 1)
  await call(again, 'close')
  await checkLog(writer.acknowledged + 1)
  await call(writer.log, 'close')
  await service.stop()
  console.log(JSON.stringify({ records: writer.acknowledged, kills: KILLS, unknown: writer.lost }))
}

async function checkViews (db, count) {
  assert.deepStrictEqual(await call(db.sum, 'get', null), { count, total: count * (count - 1) / 2 })
  for (let n = 0; n < count; n += 97) assert.strictEqual((await call(db.byNumber, 'get', n)).n, n)
  const keys = await new Promise((resolve, reject) => pull(
    db.byNumber.read({ values: false, seqs: false }), pull.collect((error, keys) => error ? reject(error) : resolve(keys))))
  checkOrder(keys, 'the index')
  assert.strictEqual(keys.length, count)
}

async function checkLog (count) {
  const client = await connect({ http: service.http, identity: 'log' })
  const numbers = []
  const read = client.flumelog().stream({ seqs: false })
  await new Promise((resolve, reject) => pull(read, pull.drain((record) => { numbers.push(record.n) }, (error) => error ? reject(error) : resolve())))
  checkOrder(numbers, 'the log')
  assert.strictEqual(numbers.length, count)
  await client.close()
}

main().then(() => {
  fs.rmSync(data, { recursive: true })
}, async (error) => {
  console.error(error)
  await service.kill()
  process.exit(1)
})
