'use strict'
// The shapes in which Oasis asks, as they were traced; what comes back is compared with a filter over the whole log.

const assert = require('assert')
const { call, rows, take } = require('./rpc')

const contentOf = (message) => message.value.content
const keysOf = (messages) => messages.map((message) => message.key).sort()
const log = (client) => rows(client, 'createLogStream', [{ private: true }])

module.exports = {
  async 'the abouts of a feed by itself' (client, keys) {
    const all = await log(client)
    const abouts = all.filter((message) => contentOf(message).type === 'about')
    const { about } = contentOf(abouts.find((message) => message.value.author === contentOf(message).about))
    const query = [{ $filter: { dest: about, value: { author: about, content: { type: 'about', about } } } }]
    const found = await rows(client, 'backlinks.read', [{ reverse: true, query }])
    const own = abouts.filter((message) => message.value.author === about && contentOf(message).about === about)
    assert.deepStrictEqual(keysOf(found), keysOf(own))
  },

  async 'what links to a message' (client) {
    const all = await log(client)
    const reply = all.find((message) => typeof contentOf(message).root === 'string')
    const { root } = contentOf(reply)
    const options = { index: 'DTA', private: true, meta: true }
    const found = await rows(client, 'backlinks.read', [{ query: [{ $filter: { dest: root } }], ...options }])
    for (const message of found) assert.ok(JSON.stringify(contentOf(message)).includes(root))
    const replies = all.filter((message) => contentOf(message).root === root)
    for (const key of keysOf(replies)) assert.ok(keysOf(found).includes(key))
  },

  async 'the newest posts before a time, of which it takes the first' (client) {
    const all = await log(client)
    const isWanted = (message) => ['post', 'blog'].includes(contentOf(message).type)
    const $lte = all.find(isWanted).value.timestamp + 1e12
    const query = [{ $filter: { value: { timestamp: { $lte }, content: { type: { $in: ['post', 'blog'] } } } } }]
    const options = { query, private: true, reverse: true, meta: true }
    assert.deepStrictEqual(
      keysOf(await rows(client, 'query.read', [options])),
      keysOf(all.filter((message) => isWanted(message) && message.value.timestamp <= $lte)))
    assert.strictEqual((await take(client, 'query.read', [options], 64)).length, 64)
  },

  async 'votes since a time' (client) {
    const all = await log(client)
    const votes = all.filter((message) => contentOf(message).type === 'vote')
    const $gte = votes[votes.length >> 1].value.timestamp
    const query = [{ $filter: { value: { timestamp: { $gte }, content: { type: 'vote' } } } }]
    assert.deepStrictEqual(
      keysOf(await rows(client, 'query.read', [{ query }])), keysOf(votes.filter((vote) => vote.value.timestamp >= $gte)))
  },

  async 'names, live' (client) {
    const query = [{ $filter: { value: { content: { type: 'about', name: { $is: 'string' } } } } }]
    const named = (await log(client)).filter((message) => typeof contentOf(message).name === 'string' && contentOf(message).type === 'about')
    const items = await take(client, 'query.read', [{ live: true, query }], named.length, (item) => !item.sync)
    assert.deepStrictEqual(keysOf(items), keysOf(named))
  },

  async 'a feed from a sequence on, newest first' (client, keys) {
    const all = await rows(client, 'createUserStream', [{ id: keys.id }])
    const gt = all[0].value.sequence
    const found = await rows(client, 'createUserStream', [{ id: keys.id, reverse: true, gt, private: true, meta: true }])
    assert.deepStrictEqual(found.map((message) => message.key), all.slice(1).reverse().map((message) => message.key))
  },

  async 'posts by type, newest first' (client) {
    const [newest] = await rows(client, 'messagesByType', [{ type: 'post', reverse: true, private: false, limit: 1 }])
    assert.strictEqual(newest.value.content.type, 'post')
    const same = await call(client, 'get', [{ id: newest.key, private: true, meta: true }])
    assert.strictEqual(same.key, newest.key)
  }
}
