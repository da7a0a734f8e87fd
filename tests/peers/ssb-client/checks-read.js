'use strict'
// Calls that change nothing and that the golden vectors don't know.

const assert = require('assert')
const { call, rows, silence, take } = require('./rpc')

module.exports = {
  async whoami (client, keys) {
    assert.deepStrictEqual(await call(client, 'whoami'), { id: keys.id })
  },

  async 'client.id' (client, keys) {
    assert.strictEqual(client.id, keys.id)
  },

  async status (client) {
    const { progress, sync } = await call(client, 'status')
    assert.deepStrictEqual(progress.indexes, { start: sync.since, current: sync.since, target: sync.since })
    assert.strictEqual(sync.sync, true)
    for (const since of Object.values(sync.plugins)) assert.strictEqual(since, sync.since)
  },

  async progress (client) {
    const { indexes } = await call(client, 'progress')
    assert.strictEqual(indexes.current, indexes.target)
  },

  async 'an error has a name and a message' (client) {
    const missing = '%AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=.sha256'
    const error = await call(client, 'get', [missing]).then(() => null, (error) => error)
    assert.strictEqual(error.message, `Key not found in database [${missing}]`)
    assert.strictEqual(error.name, 'NotFoundError')
  },

  async 'a source that can not be opened ends with its error' (client) {
    const error = await rows(client, 'createHistoryStream', [{ id: 'nobody' }]).then(() => null, (error) => error)
    assert.strictEqual(error.message, 'Param 0 must by of type feedId')
  },

  async 'latest, getFeedState and getVectorClock agree' (client) {
    const clock = await call(client, 'getVectorClock')
    const latest = await rows(client, 'latest')
    assert.strictEqual(latest.length, Object.keys(clock).length)
    for (const { id, sequence } of latest) assert.strictEqual(sequence, clock[id])
    const state = await call(client, 'getFeedState', [latest[0].id])
    assert.strictEqual(state.sequence, latest[0].sequence)
    assert.deepStrictEqual(await call(client, 'getFeedState', ['@AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=.ed25519']), { id: null, sequence: 0 })
  },

  async 'createRawLogStream goes by offset' (client) {
    const all = await rows(client, 'createRawLogStream', [{}])
    const { sync } = await call(client, 'status')
    assert.strictEqual(all[all.length - 1].seq, sync.since)
    assert.deepStrictEqual(Object.keys(all[0]), ['seq', 'value'])
    const some = await rows(client, 'createRawLogStream', [{ gt: all[2].seq, limit: 2 }])
    assert.deepStrictEqual(some, all.slice(3, 5))
    assert.deepStrictEqual(await rows(client, 'createRawLogStream', [{ reverse: true, limit: 1 }]), all.slice(-1))
  },

  async 'a long stream can be ended early' (client) {
    for (let i = 0; i < 20; i++) assert.strictEqual((await take(client, 'createLogStream', [{}], 3)).length, 3)
  },

  async 'createSequenceStream begins with the head' (client) {
    const { sync } = await call(client, 'status')
    assert.deepStrictEqual(await take(client, 'createSequenceStream', [], 1), [sync.since])
  },

  async 'friends agree with one another' (client, keys) {
    const graph = await call(client, 'friends.graph')
    const [source] = Object.keys(graph)
    for (const [dest, edge] of Object.entries(graph[source])) {
      assert.strictEqual(await call(client, 'friends.isFollowing', [{ source, dest }]), edge >= 0)
      assert.strictEqual(await call(client, 'friends.isBlocking', [{ source, dest }]), edge === -1)
    }
    const hops = await call(client, 'friends.hops', [{ start: source }])
    assert.strictEqual(hops[source], 0)
    assert.strictEqual(typeof await call(client, 'friends.get', [{ source }]), 'object')
    await take(client, 'friends.stream', [], 1)
    const [first] = await take(client, 'friends.hopStream', [{ live: true, old: true }], 1)
    assert.strictEqual(typeof first, 'object')
    assert.ok(keys.id in await call(client, 'friends.hops', []))
  },

  async 'search.query finds words by their beginnings' (client) {
    const posts = await rows(client, 'messagesByType', [{ type: 'post', limit: 50 }])
    const word = posts.map((post) => /\b[a-z]{5,}\b/.exec(post.value.content.text || '')).filter(Boolean)[0][0]
    const hits = await rows(client, 'search.query', [{ query: word.slice(0, 4), limit: 5 }])
    assert.ok(hits.length > 0)
    for (const hit of hits) assert.match(hit.value.content.text.toLowerCase(), new RegExp(`\\b${word.slice(0, 4)}`))
    await call(client, 'meme.search', [{ query: 'a' }])
  },

  async 'tangle.branch names the heads of a thread' (client) {
    const posts = await rows(client, 'messagesByType', ['post'])
    const reply = posts.find((post) => post.value.content.root)
    const heads = await call(client, 'tangle.branch', [reply.value.content.root])
    assert.ok(heads.length > 0)
    assert.deepStrictEqual(heads, [...heads].sort())
  },

  async 'private.read gives messages that were opened' (client) {
    for (const message of await rows(client, 'private.read', [{}])) assert.strictEqual(typeof message.value.content, 'object')
  },

  async 'nobody is connected' (client) {
    assert.deepStrictEqual(await take(client, 'conn.peers', [], 1), [[]])
    assert.deepStrictEqual(await take(client, 'conn.stagedPeers', [], 1), [[]])
    assert.deepStrictEqual(await call(client, 'gossip.peers'), [])
    assert.deepStrictEqual(await silence(client, 'gossip.changes'), [])
  },

  async 'a thousand calls at once are answered' (client) {
    const answers = await Promise.all(Array.from({ length: 1000 }, () => call(client, 'version')))
    assert.strictEqual(new Set(answers).size, 1)
  }
}
