'use strict'
// node attack.js --socket PATH --port N --pid N: does to a running Flume what nobody should, and sees that it costs the
// attacker's connections and nothing else: another client's calls are answered all along, and memory and files stay bounded.

const crypto = require('crypto')
const fs = require('fs')
const net = require('net')
const { connect } = require('../../../clients/js')
const { encode } = require('../../../clients/js/lib/packets')
const { options } = require('../options')

const ANSWERED_WITHIN_MS = 30000
const MEMORY_MOST_MB = 800
const FILES_LEFT_MOST = 100
const HALF_BODY = 23 * 1024 * 1024

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const memory = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${options.pid}/status`))[1]) / 1024
const files = () => fs.readdirSync(`/proc/${options.pid}/fd`).length

/** A connection of the attacker; whether it is refused or cut is no matter. */
function dial (where = options.socket, reads = true) {
  return new Promise((resolve) => {
    const socket = net.connect(where)
    socket.on('error', () => resolve(socket))
    socket.once('connect', () => resolve(socket))
    if (reads) socket.resume()
  })
}

const dialMany = (count, where) => Promise.all(Array.from({ length: count }, () => dial(where)))
const open = (request, name, type, ...args) => encode(request, { stream: true }, { name, type, args })

/** The header of a call with a body of so many bytes. */
function header (length) {
  const bytes = Buffer.alloc(9)
  bytes[0] = 2
  bytes.writeUInt32BE(length, 1)
  bytes.writeInt32BE(1, 5)
  return bytes
}

async function streams (count, reads, name, ...args) {
  const socket = await dial(options.socket, reads)
  for (let i = 1; i <= count; i++) socket.write(open(i, name, 'source', ...args))
  return [socket]
}

const attacks = {
  '10,000 live streams': () => streams(10000, true, ['createLogStream'], { live: true, old: false }),
  '4,000 scans that nobody reads': () => streams(4000, false, ['createLogStream'], {}),
  '4,000 queries that nobody reads': () => streams(4000, false, ['query', 'read'], { query: [{ $filter: { value: { content: { type: 'post' } } } }] }),
  async '100,000 calls that nobody reads' () {
    const socket = await dial(options.socket, false)
    for (let i = 1; i <= 100000; i++) socket.write(encode(i, {}, { name: ['getVectorClock'], args: [] }))
    return [socket]
  },
  async '50 bodies of which a part never comes' () {
    const sockets = await dialMany(50)
    for (const socket of sockets) {
      socket.write(header(HALF_BODY + 1))
      socket.write(Buffer.alloc(HALF_BODY))
    }
    return sockets
  },
  async 'lengths of 4 GiB' () {
    const sockets = await dialMany(100)
    for (const socket of sockets) socket.write(header(0xffffffff))
    return sockets
  },
  async '2,000 blobs that are never ended' () {
    const socket = await dial()
    for (let i = 1; i <= 2000; i++) {
      socket.write(open(i, ['blobs', 'add'], 'sink', null))
      socket.write(encode(i, { stream: true }, crypto.randomBytes(1000)))
    }
    return [socket]
  },
  async 'random bytes' () {
    const sockets = await dialMany(200)
    for (const socket of sockets) socket.write(crypto.randomBytes(5000))
    return sockets
  },
  'a thousand silent handshakes': () => dialMany(1000, Number(options.port)),
  async 'a thousand random handshakes' () {
    const sockets = await dialMany(1000, Number(options.port))
    for (const socket of sockets) socket.write(crypto.randomBytes(64))
    return sockets
  }
}

/** Calls one after the other until it is stopped; the slowest, in ms. */
function keepCalling (client, args) {
  let slowest = 0
  let stopped = false
  const running = (async () => {
    while (!stopped) {
      const began = Date.now()
      const late = sleep(ANSWERED_WITHIN_MS).then(() => { throw new Error(`a call was not answered within ${ANSWERED_WITHIN_MS} ms`) })
      late.catch(() => {})
      await Promise.race([client.call(...args), late])
      slowest = Math.max(slowest, Date.now() - began)
      await sleep(5)
    }
    return slowest
  })()
  running.catch(() => {})
  return () => { stopped = true; return running }
}

async function main () {
  const client = await connect({ socket: options.socket })
  const filesBefore = files()
  for (const [name, attack] of Object.entries(attacks)) {
    let most = memory()
    const watching = setInterval(() => { most = Math.max(most, memory()) }, 20)
    const stop = keepCalling(client, ['latestSequence', (await client.call('whoami')).id])
    const sockets = await attack()
    await sleep(1000)
    const slowest = await stop()
    clearInterval(watching)
    for (const socket of sockets) socket.destroy()
    console.log(JSON.stringify({ attack: name, memoryMb: Math.round(most), slowestCallMs: slowest }))
    if (most > MEMORY_MOST_MB) throw new Error(`${name} took ${Math.round(most)} MB`)
  }
  const deadline = Date.now() + ANSWERED_WITHIN_MS
  while (files() > filesBefore + FILES_LEFT_MOST) {
    if (Date.now() > deadline) throw new Error(`${files()} files are open, and ${filesBefore} were before`)
    await sleep(50)
  }
  await client.close()
  process.exit(0)
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
