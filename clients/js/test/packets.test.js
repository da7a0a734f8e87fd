'use strict'

const assert = require('node:assert')
const { test } = require('node:test')
const { Decoder, GOODBYE, encode, encodeCall } = require('../lib/packets')

const VALUES = ['text', '', 'ü€😀', 0, -1.5, true, false, null, [], {}, { a: [1, { b: 'c' }] }, Buffer.from([0, 1, 255])]

test('what is encoded is decoded, however its bytes arrive', () => {
  const bytes = Buffer.concat(VALUES.map((value, i) => encode(i + 1, { stream: i % 2 === 0, end: i % 3 === 0 }, value)).concat(GOODBYE))
  for (const size of [1, 2, 8, 9, 10, 37, bytes.length]) {
    const packets = []
    const decoder = new Decoder((packet) => packets.push(packet))
    for (let at = 0; at < bytes.length; at += size) decoder.push(bytes.subarray(at, at + size))
    assert.deepStrictEqual(packets.slice(0, -1).map((packet) => packet.value), VALUES)
    packets.slice(0, -1).forEach((packet, i) => assert.deepStrictEqual(
      [packet.request, packet.stream, packet.end], [i + 1, i % 2 === 0, i % 3 === 0]))
    assert.ok(packets[packets.length - 1].goodbye)
  }
})

test('an empty buffer has no packet, because that would say goodbye', () => {
  assert.strictEqual(encode(1, {}, Buffer.alloc(0)), null)
})

test('a call may bring its arguments as text', () => {
  assert.deepStrictEqual(encodeCall(3, ['a', 'b'], '[1,{}]'), encodeCall(3, ['a', 'b'], [1, {}]))
})
