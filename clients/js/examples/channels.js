'use strict'
// Every channel, with how many messages are in it and when the last one was received: Patchwork's list of channels.

const { channelName } = require('./names')

module.exports = {
  name: 'channels',
  version: 1,
  initial: {},

  map (message) {
    const content = message.value.content
    if (content === null || typeof content !== 'object' || content.type === 'channel') return null
    const names = new Set()
    add(names, content.channel)
    if (Array.isArray(content.mentions)) {
      for (const mention of content.mentions) {
        if (mention && typeof mention.link === 'string' && mention.link[0] === '#') add(names, mention.link)
      }
    }
    return names.size > 0 ? { names, timestamp: message.timestamp } : null
  },

  reduce (channels, { names, timestamp }) {
    for (const name of names) {
      const channel = Object.hasOwn(channels, name) ? channels[name] : (channels[name] = { count: 0, timestamp: 0 })
      channel.count++
      if (timestamp > channel.timestamp) channel.timestamp = timestamp
    }
    return channels
  }
}

function add (names, value) {
  const name = channelName(value)
  if (name !== null && name !== '__proto__') names.add(name)
}
