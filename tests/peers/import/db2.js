'use strict'
// Writes a log with the real ssb-db2, and prints each of its records as JSON, as ssb-db2 reads it, one a line.
// Usage: node db2.js DIR MESSAGES; modules come from NODE_PATH.
const path = require('path')
const { createRequire } = require('module')
const load = createRequire(path.join(process.env.NODE_PATH, '..', 'package.json'))

const [dir, messages] = [process.argv[2], Number(process.argv[3])]
const promise = call => (...args) => new Promise((resolve, reject) =>
  call(...args, (error, value) => error ? reject(error) : resolve(value)))

const odd = [
  { type: 'numbers', values: [0, -1, 1.5, 1e21, 1e-7, 2147483647, 2147483648, -2147483648, 123456789012345] },
  { type: 'texts', 'ключ': 'ünïcødé 💾 \u2028', empty: '', quote: '"\\/\b\f\n\r\t' },
  { type: 'shapes', no: null, yes: true, not: false, list: [], object: {}, deep: [[[{ a: [1, { b: null }] }]]] },
  { type: 'order', 2: 'two', 1: 'one', b: 1, a: 2 }
]

async function main () {
  const keys = load('ssb-keys').loadOrCreateSync(path.join(dir, 'secret'))
  const caps = { shs: load('ssb-caps').shs }
  const sbot = load('secret-stack')({ caps }).use(load('ssb-db2'))({ path: dir, keys, caps })
  const create = promise(sbot.db.create)
  for (let i = 0; i < messages; i++) {
    const content = i % 5 < odd.length && i < 20 ? odd[i % 5] : { type: 'post', text: `message ${i} ${'x'.repeat(i * 37 % 4000)}` }
    await create(i % 7 === 6
      ? { keys, content: { type: 'post', text: `private ${i}` }, recps: [keys.id], encryptionFormat: 'box' }
      : { keys, content })
  }
  await promise(sbot.db.onDrain)()
  const log = sbot.db.getLog ? sbot.db.getLog() : sbot.db.log
  const lines = []
  await new Promise((resolve, reject) => log.stream({ gt: -1, decrypt: false }).pipe({
    paused: false,
    write: record => lines.push(JSON.stringify(load('bipf').decode(record.value, 0))),
    end: error => error && error !== true ? reject(error) : resolve()
  }))
  await promise(sbot.close)(true)
  process.stdout.write(lines.map(line => line + '\n').join(''), () => process.exit(0))
}

main().catch(error => { console.error(error); process.exit(1) })
