'use strict'
// One real JavaScript peer on 127.0.0.1, driven by JSON lines: {id, cmd, args} on standard input, {id, result | error} on
// standard output. Usage: node peer.js STACK DIR [noebt]; STACK is js16 or mv. Modules come from NODE_PATH.
const net = require('net')
const path = require('path')
const fs = require('fs')
const readline = require('readline')
const { createRequire } = require('module')

const [stack, dir, option] = process.argv.slice(2)
const load = createRequire(path.join(process.env.NODE_PATH, '..', 'package.json'))
const plugins = {
  js16: ['ssb-db', 'ssb-master', 'ssb-gossip', 'ssb-replicate', 'ssb-friends', 'ssb-blobs', 'ssb-invite', 'ssb-ebt'],
  mv: ['ssb-db2/core', 'ssb-classic', 'ssb-db2/compat/publish', 'ssb-db2/compat/db', 'ssb-db2/compat/feedstate',
    'ssb-db2/compat/history-stream', 'ssb-db2/compat/ebt', 'ssb-friends', 'ssb-ebt', 'ssb-conn', 'ssb-blobs',
    'ssb-replication-scheduler']
}[stack].filter(name => !(option === 'noebt' && name === 'ssb-ebt'))

const promise = call => (...args) => new Promise((resolve, reject) =>
  call(...args, (error, value) => error ? reject(error) : resolve(value)))

function freePort () {
  return new Promise(resolve => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

async function main () {
  fs.mkdirSync(dir, { recursive: true })
  const keys = load('ssb-keys').loadOrCreateSync(path.join(dir, 'secret'))
  const caps = { shs: load('ssb-caps').shs }
  const incoming = {
    scope: ['device', 'local', 'public'], host: '127.0.0.1', port: await freePort(), transform: 'shs'
  }
  const off = { local: false, global: false, friends: false, seed: false }
  const create = plugins.reduce((stack, name) => stack.use(load(name)), load('secret-stack')({ caps }))
  const peer = create({
    path: dir, keys, caps, allowPrivate: true, friends: { hops: 2 }, gossip: off, conn: { autostart: false, populatePubs: false },
    timers: { inactivity: 600e3, handshake: 5e3, ping: 300e3 },
    connections: { incoming: { net: [incoming] }, outgoing: { net: [{ transform: 'shs' }] } }
  })
  const contact = (id, edge) => promise(peer.publish)(Object.assign({ type: 'contact', contact: id }, edge))
  const chunks = size => {
    const all = []
    for (let left = size; left > 0; left -= 65536) all.push(require('crypto').randomBytes(Math.min(left, 65536)))
    return all
  }
  const clock = promise(peer.getVectorClock)
  const commands = {
    id: async () => peer.id,
    address: async () => peer.getAddress('device').split(';')[0],
    publish: async content => (await promise(peer.publish)(content)).value.sequence,
    publishMany: async count => {
      for (let i = 0; i < count; i++) await promise(peer.publish)({ type: 'post', text: `message ${i} of ${stack}` })
    },
    follow: async id => { await contact(id, { following: true }) },
    block: async id => { await contact(id, { blocking: true }) },
    unblock: async id => { await contact(id, { blocking: false }) },
    connect: async address => { await promise((peer.conn || peer.gossip).connect)(address) },
    clock,
    createInvite: async options => promise(peer.invite.create)(options),
    acceptInvite: async code => promise(peer.invite.accept)(code),
    addBlob: size => new Promise((resolve, reject) => load('pull-stream')(
      load('pull-stream').values(chunks(size)), peer.blobs.add((error, id) => error ? reject(error) : resolve(id)))),
    wantBlob: async id => promise(peer.blobs.want)(id),
    pushBlob: async id => { peer.blobs.push(id, () => {}) },
    hasBlob: async id => promise(peer.blobs.has)(id),
    until: async (feed, sequence) => {
      while (((await clock())[feed] || 0) < sequence) await new Promise(resolve => setTimeout(resolve, 20))
      return (await clock())[feed]
    },
    ready: async () => { while (!peer.status().sync.sync) await new Promise(resolve => setTimeout(resolve, 50)) },
    untilTotal: async count => {
      const total = async () => Object.values(await clock()).reduce((sum, sequence) => sum + sequence, 0)
      while (await total() < count) await new Promise(resolve => setTimeout(resolve, 20))
    },
    tick: async () => { await promise(peer.publish)({ type: 'post', text: 'tick', t: process.hrtime.bigint().toString() }) },
    // From now on a line {seen: ms} for each tick that comes.
    watch: async () => {
      peer.post(({ value: { content: { t } } }) => {
        if (t) answer({ seen: Number(process.hrtime.bigint() - BigInt(t)) / 1e6 })
      }, false)
    },
    usage: async () => {
      const { user, system } = process.cpuUsage()
      return { cpuMs: (user + system) / 1000, peakMb: process.resourceUsage().maxRSS / 1024 }
    },
    close: async () => { setTimeout(() => process.exit(0), 20) }
  }
  const answer = message => process.stdout.write(JSON.stringify(message) + '\n')
  readline.createInterface({ input: process.stdin }).on('line', async line => {
    const { id, cmd, args } = JSON.parse(line)
    try {
      const result = await commands[cmd](...(args || []))
      answer({ id, result: result === undefined ? null : result })
    } catch (error) {
      answer({ id, error: error.message })
    }
  }).on('close', () => process.exit(0))
  answer({ id: 0, result: 'ready' })
}

console.log = console.error
main()
