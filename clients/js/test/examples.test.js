'use strict'

const assert = require('node:assert')
const { test } = require('node:test')
const channels = require('../examples/channels')
const contacts = require('../examples/contacts')
const subscriptions = require('../examples/subscriptions')

const A = `@${'a'.repeat(43)}=.ed25519`
const B = `@${'b'.repeat(43)}=.ed25519`
let clock = 0

const message = (content, author = A, timestamp = ++clock) => ({ key: '%x', value: { author, timestamp, content }, timestamp })

function run ({ map, reduce, initial }, messages) {
  let state = JSON.parse(JSON.stringify(initial))
  for (const one of messages) {
    const mapped = map(one, 0)
    if (mapped !== null && mapped !== undefined) state = reduce(state, mapped, 0)
    state = JSON.parse(JSON.stringify(state))
  }
  return state
}

const ODD = [null, 'a box', [], {}, { type: 5 }, { type: 'contact' }, { type: 'contact', contact: 5, following: true },
  { type: 'channel' }, { type: 'channel', channel: {}, subscribed: true }, { type: 'post', channel: 5, mentions: [null, {}, { link: 7 }] },
  { type: 'post', channel: '__proto__' }, { type: 'post', channel: 'constructor' }, { type: 'contact', contact: B }]

test('channels counts messages by channel and hashtag, and remembers the last', () => {
  clock = 0
  assert.deepStrictEqual(run(channels, [
    message({ type: 'post', channel: 'Solar Punk' }),
    message({ type: 'post', mentions: [{ link: '#solarpunk' }, { link: '#tea' }, { link: B }] }),
    message({ type: 'post', channel: '#tea', mentions: [{ link: '#tea' }] }),
    message({ type: 'channel', channel: 'tea', subscribed: true }),
    message({ type: 'post', text: 'none' })
  ]), { solarpunk: { count: 2, timestamp: 2 }, tea: { count: 2, timestamp: 3 } })
})

test('contacts has the last thing that each feed said of another', () => {
  assert.deepStrictEqual(run(contacts, [
    message({ type: 'contact', contact: B, following: true }),
    message({ type: 'contact', contact: A, blocking: true }, B)
  ]), { [A]: { [B]: true }, [B]: { [A]: false } })
  assert.deepStrictEqual(run(contacts, [
    message({ type: 'contact', contact: B, following: true }),
    message({ type: 'contact', contact: B, following: false })
  ]), { [A]: {} })
})

test('subscriptions goes by the time that is claimed, not by the order', () => {
  assert.deepStrictEqual(run(subscriptions, [
    message({ type: 'channel', channel: 'Tea', subscribed: true }, A, 50),
    message({ type: 'channel', channel: 'tea', subscribed: false }, A, 40),
    message({ type: 'channel', channel: 'tea', subscribed: false }, B, 10)
  ]), { [`${A}:tea`]: { timestamp: 50, subscribed: true }, [`${B}:tea`]: { timestamp: 10, subscribed: false } })
})

test('odd messages harm none of them', () => {
  const odd = ODD.map((content) => message(content))
  assert.deepStrictEqual(Object.keys(run(channels, odd)), ['constructor'])
  assert.deepStrictEqual(run(contacts, odd), {})
  assert.deepStrictEqual(run(subscriptions, odd), {})
})
