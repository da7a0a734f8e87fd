'use strict'
// Calls that append, and the live streams that must see it.

const assert = require('assert')
const ssbKeys = require('ssb-keys')
const validate = require('ssb-validate')
const { call, rows, take, send } = require('./rpc')

const isMessage = (item) => !item.sync
const about = { key: 'name', dest: null }

/** Starts a live stream, then publishes, and returns what came: after a moment for the stream to be open. */
async function whatComes (client, name, args, publish, count = 1) {
  const coming = take(client, name, args, count, isMessage)
  await call(client, 'version')
  const published = await publish()
  return { came: await coming, published }
}

/** The state that a stream begins with and its first change, which is published once the state has come. */
async function change (client, name, args, publish) {
  const published = []
  const items = await take(client, name, args, 2, (item) => {
    if (published.length === 0) published.push(publish())
    return isMessage(item)
  })
  await published[0]
  return items
}

const post = (client, text) => call(client, 'publish', [{ type: 'post', text }])

/** Live streams by the arguments with which they must give a new post of ours. */
const livePosts = (id) => [
  ['createLogStream', [{ live: true, old: false }]],
  ['createFeedStream', [{ live: true, old: false }]],
  ['createUserStream', [{ id, live: true, old: false }]],
  ['createHistoryStream', [{ id, live: true, old: false }]],
  ['messagesByType', [{ type: 'post', live: true, old: false }]],
  ['createRawLogStream', [{ live: true, old: false }]],
  ['query.read', [{ live: true, old: false, query: [{ $filter: { value: { author: id, content: { type: 'post' } } } }] }]]
]

const checks = {
  async 'publish returns the message as stored, and every read has it' (client, keys) {
    const message = await post(client, 'hello')
    assert.deepStrictEqual(Object.keys(message), ['key', 'value', 'timestamp'])
    assert.deepStrictEqual(await call(client, 'get', [message.key]), message.value)
    assert.deepStrictEqual(await call(client, 'get', [{ id: message.key, meta: true }]), message)
    const [last] = await rows(client, 'createUserStream', [{ id: keys.id, reverse: true, limit: 1 }])
    assert.deepStrictEqual(last, message)
    assert.deepStrictEqual(await call(client, 'getLatest', [keys.id]), { key: message.key, value: message.value })
    assert.strictEqual(await call(client, 'latestSequence', [keys.id]), message.value.sequence)
    assert.ok(ssbKeys.verifyObj(keys, null, message.value))
  },

  async 'publish refuses what is no content' (client) {
    await assert.rejects(call(client, 'publish', [{ text: 'no type' }]), /type must be a string3 <= type\.length < 52, was:undefined/)
  },

  async 'live with old messages has one sync between them' (client, keys) {
    const old = await rows(client, 'createUserStream', [{ id: keys.id }])
    const items = await take(client, 'createUserStream', [{ id: keys.id, live: true }], old.length + 1)
    assert.deepStrictEqual(items[items.length - 1], { sync: true })
  },

  async 'links and backlinks are live' (client, keys) {
    const root = await post(client, 'root')
    const reply = () => call(client, 'publish', [{ type: 'post', text: 'reply', root: root.key, branch: root.key }])
    const linked = await whatComes(client, 'links', [{ dest: root.key, rel: 'root', live: true, old: false }], reply)
    assert.deepStrictEqual(linked.came, [{ source: keys.id, rel: 'root', dest: root.key, key: linked.published.key }])
    const query = [{ $filter: { dest: root.key } }]
    const backlinked = await whatComes(client, 'backlinks.read', [{ query, index: 'DTA', live: true, old: false }], reply)
    assert.strictEqual(backlinked.came[0].key, backlinked.published.key)
    assert.strictEqual((await rows(client, 'backlinks.read', [{ query }])).length, 2)
    // An author's next message names the one before, which counts as an answer to it.
    assert.deepStrictEqual(await call(client, 'tangle.branch', [root.key]), [backlinked.published.key])
  },

  async 'about streams tell of changes' (client, keys) {
    const options = { ...about, dest: keys.id }
    const rename = (name) => () => call(client, 'publish', [{ type: 'about', about: keys.id, name }])
    let current = 'before'
    await rename(current)()
    for (const name of ['about.socialValueStream', 'about.latestValueStream']) {
      assert.deepStrictEqual(await change(client, name, [options], rename(`after ${name}`)), [current, `after ${name}`])
      current = `after ${name}`
    }
    const items = await change(client, 'about.socialValuesStream', [options], rename('all'))
    assert.deepStrictEqual(items.map((values) => values[keys.id]), [current, 'all'])
    assert.strictEqual(await call(client, 'about.socialValue', [options]), 'all')
    assert.ok((await rows(client, 'about.read', [{ dest: keys.id }])).length >= 4)
  },

  async 'private messages are stored closed and read open' (client, keys) {
    const message = await call(client, 'publish', [{ type: 'post', text: 'secret', recps: [keys.id] }])
    assert.match(message.value.content, /\.box$/)
    assert.deepStrictEqual((await call(client, 'get', [message.key])).content, message.value.content)
    assert.strictEqual((await call(client, 'get', [{ id: message.key, private: true }])).content.text, 'secret')
    const read = await rows(client, 'private.read', [{ reverse: true, limit: 1 }])
    assert.strictEqual(read[0].value.content.text, 'secret')
    const again = await call(client, 'private.publish', [{ type: 'post', text: 'more' }, [keys.id]])
    assert.match(again.value.content, /\.box$/)
  },

  async 'add takes valid messages and refuses others' (client) {
    const other = ssbKeys.generate()
    const state = validate.initial()
    const first = validate.create(null, other, null, { type: 'post', text: 'one' }, 1500000000000)
    const added = await call(client, 'add', [first])
    assert.deepStrictEqual(added.value, first)
    await assert.rejects(call(client, 'add', [first]), /expected sequence/)
    const queue = validate.append(state, null, first).feeds[other.id]
    const second = validate.create(queue, other, null, { type: 'post', text: 'two' }, 1500000000001)
    await assert.rejects(call(client, 'add', [{ ...second, content: { type: 'post', text: 'forged' } }]), /invalid signature/)
    await send(client, 'createWriteStream', [], [{ nonsense: true }, second])
    await post(client, 'behind the sink')
    assert.strictEqual(await call(client, 'latestSequence', [other.id]), 2)
  },

  async 'createSequenceStream moves with every append' (client) {
    const { came } = await whatComes(client, 'createSequenceStream', [], () => post(client, 'moves'), 2)
    assert.ok(came[1] > came[0])
  },

  async 'rebuild changes no answer' (client, keys) {
    const before = await rows(client, 'createUserStream', [{ id: keys.id }])
    await call(client, 'rebuild')
    assert.deepStrictEqual(await rows(client, 'createUserStream', [{ id: keys.id }]), before)
  },

  async 'del removes a message for good' (client, keys) {
    const message = await post(client, 'to be removed')
    await assert.rejects(call(client, 'del', [message.key]), /Publish another message first, then delete this one/)
    await post(client, 'names the one before')
    assert.strictEqual(await call(client, 'del', [message.key]), false)
    await assert.rejects(call(client, 'get', [message.key]))
    const left = await rows(client, 'createLogStream', [{}])
    assert.ok(!left.some((item) => item.key === message.key))
    assert.ok(keys.id)
  }
}

for (const [name] of livePosts('')) {
  checks[`${name} is live`] = async (client, keys) => {
    const [, args] = livePosts(keys.id).find(([other]) => other === name)
    const { came, published } = await whatComes(client, name, args, () => post(client, `for ${name}`))
    assert.strictEqual(came[0].key || came[0].value.key, published.key)
  }
}

module.exports = checks
