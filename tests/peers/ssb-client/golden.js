'use strict'
// Asks for every answer in the golden vectors, and tells what differs.

const assert = require('assert')
const crypto = require('crypto')
const fs = require('fs')
const path = require('path')
const { get, call, rows } = require('./rpc')

const FILES = ['get', 'streams', 'links', 'links2', 'backlinks', 'about', 'query']
const EXPLAINED = ['index', 'gte', 'lte', 'reverse', 'scores']

/**
 * Runs all cases on a client; `report(id, difference)` hears of each, with no difference when there is none. Those of
 * `deviations` must differ: docs/compatibility.md says why.
 */
module.exports = async function golden (client, { directory, deviations }, report) {
  for (const file of FILES) {
    const lines = fs.readFileSync(path.join(directory, `${file}.jsonl`), 'utf8').split('\n').filter(Boolean)
    for (const line of lines) {
      const record = JSON.parse(line)
      const method = translate(record.request)
      if (method === null) continue
      const found = await difference(client, method, record)
      if (deviations.includes(record.id)) report(record.id, found ? null : 'it no longer differs')
      else report(record.id, found)
    }
  }
}

/** What JavaScript has as local calls only is asked for in the way a client can; null when there is none. */
function translate (request) {
  if (request.method === 'getAtSequence') return null
  if (request.method !== 'flume.log.stream') return { name: request.method, args: request.args }
  return { name: 'createLogStream', args: [{ ...request.args[0], raw: true }] }
}

async function difference (client, method, { request, expected }) {
  try {
    const isAsync = 'value' in expected || ('error' in expected && !get(client, method.name).isSource)
    if (isAsync) assert.deepStrictEqual(await call(client, method.name, method.args), onTheWire(expected.value))
    else compareRows(await rows(client, method.name, method.args), expected)
    if (expected.error || expected.throws) return `expected the error ${expected.error || expected.throws}`
    if (expected.explain) await compareExplain(client, method, expected.explain)
    return null
  } catch (error) {
    const text = expected.error || expected.throws
    return text && error.message.includes(text) ? null : `${request.method} ${JSON.stringify(request.args)}: ${error.message}`
  }
}

function compareRows (actual, expected) {
  if (expected.rows) assert.deepStrictEqual(actual, asJson(expected.rows))
  if (expected.keys) assert.deepStrictEqual(actual.map((row) => row.key), expected.keys)
  if (expected.count === undefined) return
  assert.strictEqual(actual.length, expected.count)
  if (expected.first) assert.deepStrictEqual(actual[0], expected.first)
  if (expected.last) assert.deepStrictEqual(actual[actual.length - 1], expected.last)
  const digest = expected.sha256_of_rows_json_joined_by_newline
  if (!digest) return
  const joined = actual.map((row) => JSON.stringify(row)).join('\n')
  assert.strictEqual(crypto.createHash('sha256').update(joined).digest('hex'), digest)
}

async function compareExplain (client, method, expected) {
  const actual = await call(client, 'query.explain', method.args)
  for (const name of EXPLAINED) assert.deepStrictEqual(actual[name], asJson(expected[name]), `explain.${name}`)
  assert.strictEqual(Boolean(actual.scan), Boolean(expected.scan), 'explain.scan')
}

/** undefined travels as false. */
function onTheWire (value) {
  return value && value.$undefined ? false : asJson(value)
}

/** Within arrays it is null, as a member of objects nothing. */
function asJson (value) {
  if (value === undefined || (value && value.$undefined)) return undefined
  return JSON.parse(JSON.stringify(value, (key, inner) => inner && inner.$undefined ? undefined : inner))
}
