'use strict'
// Blobs of our own, in and out.

const assert = require('assert')
const crypto = require('crypto')
const { call, rows, take, send } = require('./rpc')

const idOf = (bytes) => `&${crypto.createHash('sha256').update(bytes).digest('base64')}.sha256`
const MISSING = idOf(Buffer.from('nobody has this'))

module.exports = {
  async 'blobs come out as they went in' (client) {
    for (const size of [1, 65536, 1000003]) {
      const bytes = crypto.randomBytes(size)
      const pieces = []
      for (let at = 0; at < size; at += 65536) pieces.push(bytes.subarray(at, at + 65536))
      const id = await send(client, 'blobs.add', [], pieces)
      assert.strictEqual(id, idOf(bytes))
      assert.ok(Buffer.concat(await rows(client, 'blobs.get', [id])).equals(bytes))
      assert.ok(Buffer.concat(await rows(client, 'blobs.get', [{ key: id, max: size }])).equals(bytes))
      const slice = await rows(client, 'blobs.getSlice', [{ id, start: 0, end: Math.ceil(size / 2) }])
      assert.ok(Buffer.concat(slice).equals(bytes.subarray(0, Math.ceil(size / 2))))
      assert.strictEqual(await call(client, 'blobs.has', [id]), true)
      assert.strictEqual(await call(client, 'blobs.size', [id]), size)
      assert.strictEqual(await call(client, 'blobs.want', [id]), true)
      await call(client, 'blobs.push', [id])
      assert.deepStrictEqual(await call(client, 'blobs.has', [[id, MISSING]]), [true, false])
      await assert.rejects(rows(client, 'blobs.get', [{ key: id, size: size + 1 }]), /incorrect file length/)
    }
  },

  async 'what is not here is told' (client) {
    assert.strictEqual(await call(client, 'blobs.has', [MISSING]), false)
    assert.strictEqual(await call(client, 'blobs.size', [MISSING]), null)
    await assert.rejects(rows(client, 'blobs.get', [MISSING]), /could not get blob/)
    await assert.rejects(call(client, 'blobs.has', ['nonsense']), /invalid id:nonsense/)
  },

  async 'ls lists, live too' (client) {
    const before = await rows(client, 'blobs.ls')
    const coming = take(client, 'blobs.ls', [{ old: false, meta: true }], 1)
    const changed = take(client, 'blobs.changes', [], 1)
    const wanted = call(client, 'blobs.want', [idOf(Buffer.from('wanted'))])
    await call(client, 'version')
    await send(client, 'blobs.add', [], [Buffer.from('wanted')])
    assert.strictEqual(await wanted, true)
    const [added] = await coming
    assert.deepStrictEqual(await changed, [added.id])
    assert.strictEqual(added.size, 6)
    assert.deepStrictEqual((await rows(client, 'blobs.ls')).sort(), [...before, added.id].sort())
    await call(client, 'blobs.rm', [added.id])
    assert.strictEqual(await call(client, 'blobs.has', [added.id]), false)
  }
}
