// The calls that are timed, made from targets: {name, method, args: [the arguments of each call]}. Both sides run these.
const times = (n, ...args) => Array(n).fill(args)
const filter = ($filter, ...stages) => [{ $filter }, ...stages]
const newest = (query, limit = 50) => ({ query, reverse: true, limit })

function streams (T) {
  const each = options => T.users.map(id => [{ id, ...options }])
  return [
    ['get_by_key', 'get', T.keys.map(key => [key])],
    ['createUserStream', 'createUserStream', each({})],
    ['createUserStream_newest10', 'createUserStream', each({ reverse: true, limit: 10 })],
    ['createUserStream_biggest', 'createUserStream', times(10, { id: T.biggestAuthor })],
    ['createUserStream_from_sequence', 'createUserStream', times(20, { id: T.biggestAuthor, gt: 1000, limit: 100 })],
    ['createHistoryStream_biggest', 'createHistoryStream', times(10, { id: T.biggestAuthor })],
    ['createHistoryStream_from_sequence', 'createHistoryStream', times(20, { id: T.biggestAuthor, seq: 1000, limit: 100 })],
    ['createFeedStream_newest100', 'createFeedStream', times(20, { reverse: true, limit: 100 })],
    ['createFeedStream_page', 'createFeedStream', times(20, { reverse: true, limit: 100, lt: T.middleTime })],
    ['createFeedStream_between', 'createFeedStream', times(20, { gt: T.middleTime, lt: T.lateTime, limit: 100 })],
    ['createLogStream_newest100', 'createLogStream', times(20, { reverse: true, limit: 100 })],
    ['createLogStream_after', 'createLogStream', times(20, { gt: T.middleTime, limit: 100 })],
    ['messagesByType_newest50', 'messagesByType', times(20, { type: 'post', reverse: true, limit: 50 })],
    ['messagesByType_about', 'messagesByType', times(5, { type: 'about' })],
    ['getLatest', 'getLatest', T.users.map(id => [id])],
    ['latestSequence', 'latestSequence', T.users.map(id => [id])],
    ['latest', 'latest', times(5)],
    ['getVectorClock', 'getVectorClock', times(10)]
  ]
}

function links (T) {
  const links = options => times(10, options)
  const links2 = (...query) => times(10, { query: filter(...query) })
  return [
    ['links_to_message', 'links', links({ dest: T.mostLinkedMsg })],
    ['links_to_message_values', 'links', links({ dest: T.mostLinkedMsg, rel: 'root', values: true })],
    ['links_of_author', 'links', T.users.map(source => [{ source }])],
    ['links_contacts', 'links', T.users.map(source => [{ source, dest: '@', rel: 'contact' }])],
    ['links2_votes_for', 'links2.read', links2({ dest: T.mostLinkedMsg, rel: ['vote', { $gt: -99 }] })],
    ['links2_dest', 'links2.read', links2({ dest: T.mostLinkedMsg })],
    ['links2_dest_feed', 'links2.read', links2({ dest: T.mostLinkedFeed })],
    ['links2_root', 'links2.read', links2({ dest: T.mostLinkedMsg, rel: ['root'] })],
    ['links2_branch', 'links2.read', links2({ dest: T.mostLinkedMsg, rel: ['branch'] })],
    ['links2_mentions_of_feed', 'links2.read', links2({ dest: T.mostLinkedFeed, rel: ['mentions', { $prefix: '@' }] })],
    ['links2_names_of_feed', 'links2.read', links2({ dest: T.mostLinkedFeed, rel: ['mentions', { $prefix: '@' }] },
      { $reduce: { name: ['rel', 1], rank: { $count: true } } })],
    ['links2_about_names', 'links2.read', links2({ dest: T.mostLinkedFeed, rel: ['about', { $gt: '' }] })],
    ['links2_dest_limit', 'links2.read', times(10, { query: filter({ dest: T.mostLinkedMsg }), reverse: true, limit: 20 })],
    ['links2_votes_limit', 'links2.read', times(10, newest(filter({ dest: T.mostLinkedMsg, rel: ['vote', { $gt: -99 }] }), 20))],
    ['links2_source', 'links2.read', T.users.map(source => [{ query: filter({ source }) }])],
    ['links2_contacts', 'links2.read', T.users.map(source => [{ query: filter({ source, rel: ['contact', { $gt: false }] }) }])],
    ['links2_followers', 'links2.read', T.users.map(dest => [{ query: filter({ dest, rel: ['contact', { $gt: false }] }) }])],
    ['links2_votes_of', 'links2.read', T.users.map(source => [{ query: filter({ source, rel: ['vote', { $gt: 0 }] }) }])],
    ['links2_source_and_dest', 'links2.read', T.users.map(source => [{ query: filter({ source, dest: T.biggestAuthor }) }])],
    ['links2_suggest', 'links2.read', times(3, { query: filter({ rel: ['mentions', { $prefix: '@al' }], dest: { $prefix: '@' } },
      { $reduce: { id: 'dest', name: ['rel', 1], rank: { $count: true } } }) })],
    ['links2_suggest_all', 'links2.read', times(3, { query: filter({ rel: ['mentions', { $prefix: '@' }], dest: { $prefix: '@' } },
      { $reduce: { id: 'dest', name: ['rel', 1], rank: { $count: true } } }) })],
    ['links2_mentions_prefix_limit', 'links2.read', times(3, { query: filter({ rel: ['mentions', { $prefix: '@' }] }), limit: 20 })],
    ['links2_all_abouts', 'links2.read', times(3, { query: filter({ rel: ['about', { $gt: '' }] }) })],
    ['links2_rel_vote_limit', 'links2.read', times(3, newest(filter({ rel: ['vote', { $gt: 0 }] }), 20))]
  ]
}

function backlinks (T) {
  const read = ($filter, more) => times(10, { query: filter($filter), ...more })
  return [
    ['backlinks_mostLinkedMsg', 'backlinks.read', read({ dest: T.mostLinkedMsg }, { index: 'DTA', live: false })],
    ['backlinks_mostLinkedFeed', 'backlinks.read', read({ dest: T.mostLinkedFeed }, { index: 'DTA', live: false })],
    ['backlinks_received', 'backlinks.read', read({ dest: T.mostLinkedMsg })],
    ['backlinks_newest20', 'backlinks.read', times(20, newest(filter({ dest: T.mostLinkedFeed }), 20))],
    ['backlinks_votes', 'backlinks.read', read({ dest: T.mostLinkedMsg, value: { content: { type: 'vote' } } })],
    ['backlinks_votes_DTA', 'backlinks.read', read({ dest: T.mostLinkedMsg, value: { content: { type: 'vote' } } }, { index: 'DTA' })],
    ['backlinks_thread', 'backlinks.read', read({ dest: T.mostLinkedMsg, value: { content: { type: 'post', root: T.mostLinkedMsg } } })],
    ['backlinks_after', 'backlinks.read', read({ dest: T.mostLinkedFeed, timestamp: { $gt: T.middleTime } })],
    ['backlinks_count', 'backlinks.read', times(10, { query: filter({ dest: T.mostLinkedMsg }, { $reduce: { $count: true } }) })],
    ['backlinks_channel', 'backlinks.read', times(10, newest(filter({ dest: '#' + T.channel }), 50))],
    ['backlinks_by_author', 'backlinks.read', T.users.map(author => [{ query: filter({ dest: T.mostLinkedFeed, value: { author } }) }])]
  ]
}

function queries (T) {
  const value = rest => ({ value: rest })
  const type = type => ({ content: { type } })
  const perUser = f => T.users.map(user => [f(user)])
  return [
    ['query_posts_of_author_newest50', 'query.read', perUser(author => newest(filter(value({ author, ...type('post') }))))],
    ['query_posts_all_newest50', 'query.read', times(20, newest(filter(value(type('post')))))],
    ['query_count_posts_per_author(reduce)', 'query.read', times(3, { query: filter(value(type('post')), { $reduce: { author: ['value', 'author'], n: { $count: true } } }) })],
    ['query_first_page_of_client', 'query.read', times(20, newest(filter(value({ timestamp: { $lte: 1e15 }, content: { type: { $in: ['post', 'blog'] } } })), 64))],
    ['query_first_page_rts', 'query.read', times(20, newest(filter({ rts: { $gt: 0 }, ...value(type('post')) }), 64))],
    ['query_count_posts', 'query.read', times(10, { query: filter(value(type('post')), { $reduce: { $count: true } }) })],
    ['query_newest_of_two_authors', 'query.read', perUser(user => newest(filter(value({ author: { $in: [user, T.biggestAuthor] } }))))],
    ['query_author', 'query.read', perUser(author => ({ query: filter(value({ author })) }))],
    ['query_author_newest20', 'query.read', perUser(author => newest(filter(value({ author })), 20))],
    ['query_votes_of_author', 'query.read', perUser(author => ({ query: filter(value({ author, ...type('vote') })) }))],
    ['query_abouts', 'query.read', times(5, { query: filter(value(type('about'))) })],
    ['query_channel', 'query.read', times(10, newest(filter(value({ content: { channel: T.channel } }))))],
    ['query_channel_posts', 'query.read', times(10, newest(filter(value({ content: { type: 'post', channel: T.channel } }))))],
    ['query_root', 'query.read', times(10, { query: filter(value({ content: { root: T.mostLinkedMsg } })) })],
    ['query_root_sorted', 'query.read', times(10, { query: filter(value({ content: { root: T.mostLinkedMsg } }), { $sort: [['value', 'timestamp']] }) })],
    ['query_type_and_root', 'query.read', times(5, { query: filter(value({ content: { type: 'post', root: T.mostLinkedMsg } })) })],
    ['query_received_after', 'query.read', times(20, { query: filter({ timestamp: { $gt: T.lateTime } }), limit: 50 })],
    ['query_claimed_before', 'query.read', times(5, newest(filter(value({ timestamp: { $lt: T.middleTime } })), 50))],
    ['query_posts_claimed_before', 'query.read', times(20, newest(filter(value({ timestamp: { $lt: T.middleTime }, ...type('post') })), 50))],
    ['query_author_claimed_before', 'query.read', times(20, newest(filter(value({ author: T.biggestAuthor, timestamp: { $lt: T.middleTime } })), 20))],
    ['query_types_in_before', 'query.read', times(20, newest(filter(value({ timestamp: { $lt: T.middleTime }, content: { type: { $in: ['post', 'vote'] } } })), 50))],
    ['query_mapped', 'query.read', perUser(author => ({ query: filter(value({ author, ...type('post') }), { $map: { k: 'key', t: ['value', 'content', 'text'] } }) }))],
    ['query_vote_sum', 'query.read', times(3, { query: filter(value(type('vote')), { $reduce: { v: { $sum: ['value', 'content', 'vote', 'value'] } } }) })],
    ['query_types_counted', 'query.read', times(2, { query: [{ $reduce: { type: ['value', 'content', 'type'], n: { $count: true } } }] })],
    ['query_votes_for_message_scan', 'query.read', times(3, { query: filter(value({ content: { type: 'vote', vote: { link: T.mostLinkedMsg } } })) })],
    ['query_sequence_one', 'query.read', times(2, { query: filter(value({ sequence: 1 })) })]
  ]
}

function apps (T) {
  const about = more => T.users.map(dest => [{ ...more, dest }])
  return [
    ['about_socialValue_name', 'about.socialValue', about({ key: 'name' })],
    ['about_latestValue', 'about.latestValue', about({ key: 'name' })],
    ['about_latestValues', 'about.latestValues', about({ keys: ['name', 'image', 'description'] })],
    ['about_socialValues', 'about.socialValues', about({ key: 'name' })],
    ['about_read', 'about.read', about({})],
    ['search_one_word', 'search.query', times(3, { query: 'commodo', limit: 20 })],
    ['search_two_words', 'search.query', times(3, { query: 'commodo nisi', limit: 20 })],
    ['search_rare', 'search.query', times(10, { query: T.rareWord || 'zzz', limit: 20 })],
    ['friends_hops', 'friends.hops', times(5, {})],
    ['friends_hops_of', 'friends.hops', T.users.slice(0, 20).map(start => [{ start, max: 1 }])],
    ['friends_isFollowing', 'friends.isFollowing', T.users.map(dest => [{ source: T.biggestAuthor, dest }])],
    ['friends_get', 'friends.get', T.users.slice(0, 50).map(source => [{ source }])],
    ['private_newest', 'private.read', times(10, { query: [{ $filter: { timestamp: { $gt: 0 } } }], reverse: true, limit: 20 })],
    ['tangle_branch', 'tangle.branch', times(10, T.mostLinkedMsg)],
    ['meme_search', 'meme.search', times(5, { query: 'lorem' })]
  ]
}

module.exports = T => [streams, links, backlinks, queries, apps].flatMap(part => part(T)).map(([name, method, args]) => ({ name, method, args }))
