'use strict'
// The methods that clients were seen to call: tiers A and B. Run these checks last.

const assert = require('assert')
const { asked, call } = require('./rpc')

const TIERS = {
  async: `manifest whoami get publish status progress getLatest latestSequence getVectorClock add query.explain friends.graph
    friends.isFollowing friends.isBlocking blobs.want tangle.branch about.socialValue about.socialValues about.latestValue
    about.latestValues friends.get friends.hops del rebuild getFeedState blobs.has blobs.size blobs.push gossip.peers
    meme.search private.publish version`,
  source: `createUserStream createLogStream createFeedStream createHistoryStream messagesByType links backlinks.read query.read
    search.query conn.peers blobs.get blobs.getSlice about.read about.socialValueStream about.socialValuesStream
    about.latestValueStream private.read links2.read friends.stream friends.hopStream createRawLogStream createSequenceStream
    latest blobs.ls blobs.changes gossip.changes`,
  sink: 'blobs.add createWriteStream'
}

const each = (visit) => {
  for (const [type, names] of Object.entries(TIERS)) {
    for (const name of names.trim().split(/\s+/)) visit(name, type)
  }
}

module.exports = {
  async 'the manifest has every method of tiers A and B' (client) {
    const manifest = await call(client, 'manifest')
    each((name, type) => {
      const found = name.split('.').reduce((at, part) => at && at[part], manifest)
      assert.ok(found === type || (type === 'async' && found === 'sync'), `${name} is ${found}, not ${type}`)
    })
  },

  async 'every method of tiers A and B was called' () {
    const missing = []
    each((name) => { if (!asked.has(name)) missing.push(name) })
    assert.deepStrictEqual(missing, [])
  }
}
