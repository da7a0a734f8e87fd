// Reads the file of the SQL view with knex: node knex.js FILE; one JSON line a query, built as ssb-flumeview-sql's README does.
const knex = require('knex')({
  client: 'better-sqlite3', useNullAsDefault: true,
  connection: { filename: process.argv[2], options: { readonly: true } }
})

const queries = {
  newest: () => knex('messages_raw').join('authors', 'messages_raw.author_id', 'authors.id')
    .select('content').orderBy('flume_seq', 'desc').limit(5),
  mine: () => knex('messages_raw').join('authors', 'messages_raw.author_id', 'authors.id')
    .select('content', 'author').where('authors.is_me', 1).orderBy('flume_seq', 'desc').limit(5).offset(5),
  follows: () => knex('contacts_raw').join('authors', 'contacts_raw.author_id', 'authors.id')
    .count('author as n').where('is_me', 1).where('state', 1),
  posts: () => knex('messages').count('* as n').where('content_type', 'post'),
  others: () => knex('messages').count('* as n').whereNot('content_type', 'post'),
  links: () => knex('messages').join('links', 'links.link_to_key', 'messages.key').count('* as n'),
  latest: () => knex('messages_raw').max('flume_seq as n')
}

const run = async () => {
  for (const [name, query] of Object.entries(queries)) {
    console.log(JSON.stringify({ name, sql: query().toString(), rows: await query() }))
  }
  await knex('keys').insert({ id: -1, key: 'x' }).then(
    () => { throw new Error('The file let knex write.') }, () => console.log(JSON.stringify({ name: 'write', rows: 'refused' })))
  await knex.destroy()
}

run().catch(error => { console.error(error); process.exit(1) })
