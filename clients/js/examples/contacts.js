'use strict'
// Whom each feed follows (true) and blocks (false), by the last thing it said of each: Patchwork's contacts.

const { isFeed } = require('./names')

module.exports = {
  name: 'contacts',
  version: 1,
  initial: {},

  map (message) {
    const { author, content } = message.value
    if (content === null || typeof content !== 'object' || content.type !== 'contact' || !isFeed(content.contact)) return null
    const { following, blocking, flagged } = content
    if (following === undefined && blocking === undefined && flagged === undefined) return null
    return { author, contact: content.contact, says: blocking || flagged ? false : following ? true : null }
  },

  reduce (contacts, { author, contact, says }) {
    const own = contacts[author] || (contacts[author] = {})
    if (says === null) delete own[contact]
    else own[contact] = says
    return contacts
  }
}
