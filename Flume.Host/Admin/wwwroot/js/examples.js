// Queries to begin with: each runs as it is on any Scuttlebutt log.
const day = 86400000

export const methods = {
  'query.read': 'messages, by any index that fits',
  'backlinks.read': 'messages that link to an id',
  'links2.read': 'links: source, rel, dest',
  'private.read': 'messages for this identity alone'
}

export const examples = [
  { name: 'Newest posts', method: 'query.read', reverse: true, limit: 50,
    query: [{ $filter: { value: { content: { type: 'post' } } } }] },
  { name: 'Who votes most', method: 'query.read', limit: 50,
    query: [{ $filter: { value: { content: { type: 'vote' } } } },
      { $reduce: { author: ['value', 'author'], votes: { $count: true } } }, { $sort: [{ $reverse: ['votes'] }] }] },
  { name: 'Messages by type', method: 'query.read', limit: 200,
    query: [{ $filter: { value: { content: { type: { $is: 'string' } } } } },
      { $reduce: { type: ['value', 'content', 'type'], messages: { $count: true } } }] },
  { name: 'Names people gave', method: 'query.read', limit: 100,
    query: [{ $filter: { value: { content: { type: 'about', name: { $is: 'string' } } } } },
      { $map: {
        by: ['value', 'author'], about: ['value', 'content', 'about'], name: ['value', 'content', 'name']
      } }] },
  { name: 'Claimed within a day', method: 'query.read', reverse: true, limit: 100,
    query: () => [{ $filter: { value: { timestamp: { $gt: Date.now() - day } } } }] },
  { name: 'What links to this identity', method: 'backlinks.read', reverse: true, limit: 100,
    query: identity => [{ $filter: { dest: identity.id ?? '@….ed25519' } }] },
  { name: 'Mentions', method: 'links2.read', limit: 100,
    query: [{ $filter: { rel: ['mentions', { $prefix: '' }] } }] },
  { name: 'Private messages', method: 'private.read', reverse: true, limit: 50,
    query: [{ $filter: { value: { content: { type: 'post' } } } }] }
]

export const textOf = (example, identity) =>
  pretty(typeof example.query === 'function' ? example.query(identity) : example.query)

/** A stage a line: short enough to read, long enough to edit. */
export const pretty = stages => `[\n${stages.map(stage => '  ' + JSON.stringify(stage)
  .replaceAll('":', '": ').replaceAll(',"', ', "')).join(',\n')}\n]`
