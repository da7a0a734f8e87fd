'use strict'
// Which channels each feed subscribes to, by the time each claims: Patchwork's subscriptions.

const { channelName } = require('./names')

module.exports = {
  name: 'subscriptions',
  version: 1,
  initial: {},

  map (message) {
    const { author, content, timestamp } = message.value
    if (content === null || typeof content !== 'object' || content.type !== 'channel') return null
    const channel = channelName(content.channel)
    if (channel === null || typeof content.subscribed !== 'boolean') return null
    return { key: `${author}:${channel}`, timestamp, subscribed: content.subscribed }
  },

  reduce (subscriptions, { key, timestamp, subscribed }) {
    const last = subscriptions[key]
    if (!last || timestamp > last.timestamp) subscriptions[key] = { timestamp, subscribed }
    return subscriptions
  }
}
