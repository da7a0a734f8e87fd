'use strict'

const STRIPPED = /[\s,.?!<>()[\]"#]/g

/** A channel's name as Scuttlebutt programs compare it: lower case, without marks, 30 letters; null when none are left. */
function channelName (value) {
  if (typeof value !== 'string') return null
  const name = value.toLowerCase().replace(STRIPPED, '')
  return name.length > 0 ? name.slice(0, 30) : null
}

/** True for the id of a feed. */
function isFeed (value) {
  return typeof value === 'string' && /^@[A-Za-z0-9/+]{43}=\.[\w\d]+$/.test(value)
}

module.exports = { channelName, isFeed }
