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
    ['createFeedStream_page', 'createFeedStream', times(20, { reverse: true, limit: 100, lt: T.middleTime })],
    ['createLogStream_newest100', 'createLogStream', times(20, { reverse: true, limit: 100 })],
    ['messagesByType_newest50', 'messagesByType', times(20, { type: 'post', reverse: true, limit: 50 })],
    ['getLatest', 'getLatest', T.users.map(id => [id])]
  ]
}

function links (T) {
  const links = options => times(10, options)
  const links2 = (...query) => times(10, { query: filter(...query) })
  return [
    ['links_to_message', 'links', links({ dest: T.mostLinkedMsg })],
    ['links_of_author', 'links', T.users.map(source => [{ source }])],
    ['links2_votes_for', 'links2.read', links2({ dest: T.mostLinkedMsg, rel: ['vote', { $gt: -99 }] })],
    ['links2_mentions_of_feed', 'links2.read', links2({ dest: T.mostLinkedFeed, rel: ['mentions', { $prefix: '@' }] })],
    ['links2_votes_limit', 'links2.read', times(10, newest(filter({ dest: T.mostLinkedMsg, rel: ['vote', { $gt: -99 }] }), 20))],
    ['links2_source', 'links2.read', T.users.map(source => [{ query: filter({ source }) }])],
    ['links2_contacts', 'links2.read', T.users.map(source => [{ query: filter({ source, rel: ['contact', { $gt: false }] }) }])],
    ['links2_suggest', 'links2.read', times(1, { query: filter({ rel: ['mentions', { $prefix: '@al' }], dest: { $prefix: '@' } },
      { $reduce: { id: 'dest', name: ['rel', 1], rank: { $count: true } } }) })],
    ['links2_mentions_prefix_limit', 'links2.read', times(3, { query: filter({ rel: ['mentions', { $prefix: '@' }] }), limit: 20 })],
    ['links2_rel_vote_limit', 'links2.read', times(3, newest(filter({ rel: ['vote', { $gt: 0 }] }), 20))]
  ]
}

function backlinks (T) {
  const read = ($filter, more) => times(10, { query: filter($filter), ...more })
  return [
    ['backlinks_mostLinkedMsg', 'backlinks.read', read({ dest: T.mostLinkedMsg }, { index: 'DTA', live: false })],
    ['backlinks_mostLinkedFeed', 'backlinks.read', read({ dest: T.mostLinkedFeed }, { index: 'DTA', live: false })],
    ['backlinks_newest20', 'backlinks.read', times(20, newest(filter({ dest: T.mostLinkedFeed }), 20))],
    ['backlinks_votes', 'backlinks.read', read({ dest: T.mostLinkedMsg, value: { content: { type: 'vote' } } })],
    ['backlinks_thread', 'backlinks.read', read({ dest: T.mostLinkedMsg, value: { content: { type: 'post', root: T.mostLinkedMsg } } })]
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
    ['query_count_posts', 'query.read', times(10, { query: filter(value(type('post')), { $reduce: { $count: true } }) })],
    ['query_newest_of_two_authors', 'query.read', perUser(user => newest(filter(value({ author: { $in: [user, T.biggestAuthor] } }))))],
    ['query_channel', 'query.read', times(10, newest(filter(value({ content: { channel: T.channel } }))))],
    ['query_root', 'query.read', times(10, { query: filter(value({ content: { root: T.mostLinkedMsg } })) })],
    ['query_author_claimed_before', 'query.read', times(20, newest(filter(value({ author: T.biggestAuthor, timestamp: { $lt: T.middleTime } })), 20))],
    ['query_types_in_before', 'query.read', times(20, newest(filter(value({ timestamp: { $lt: T.middleTime }, content: { type: { $in: ['post', 'vote'] } } })), 50))],
    ['query_types_counted', 'query.read', times(2, { query: [{ $reduce: { type: ['value', 'content', 'type'], n: { $count: true } } }] })],
    ['query_votes_for_message_scan', 'query.read', times(3, { query: filter(value({ content: { type: 'vote', vote: { link: T.mostLinkedMsg } } })) })]
  ]
}

function abouts (T) {
  const about = more => T.users.map(dest => [{ ...more, dest }])
  return [
    ['about_socialValue_name', 'about.socialValue', about({ key: 'name' })],
    ['about_latestValues', 'about.latestValues', about({ keys: ['name', 'image', 'description'] })],
    ['about_socialValues', 'about.socialValues', about({ key: 'name' })]
  ]
}

module.exports = T => [streams, links, backlinks, queries, abouts].flatMap(part => part(T)).map(([name, method, args]) => ({ name, method, args }))
