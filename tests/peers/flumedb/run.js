'use strict'
// node run.js --http URL --data DIR --suite NAME: a package's own tests over the logs of a running Flume. Without arguments:
// the names of the suites. See README.md.

const Module = require('module')
const os = require('os')
const fs = require('fs')
const path = require('path')
const { flumelog } = require('../../../clients/js')
const { options } = require('../options')

const SUITES = {
  'test-flumelog': () => require('test-flumelog')((file) => create(file), () => {}),
  'test-flumelog/http': () => require('test-flumelog')((file) => create(file, undefined, undefined, { http: options.http }), () => {}),
  'flumelog-offset/simple': () => require('flumelog-offset/test/simple'),
  'flumelog-offset/stream': () => require('flumelog-offset/test/stream'),
  'flumedb/offset': () => require('flumedb/test/offset'),
  'flumedb/rebuild': () => require('flumedb/test/rebuild'),
  'flumeview-level/index': () => require('flumeview-level/test/index'),
  'flumeview-level/live': () => require('flumeview-level/test/live'),
  'flumeview-reduce/persistant': () => require('flumeview-reduce/test/persistant'),
  'flumeview-reduce/reload': () => require('flumeview-reduce/test/reload'),
  'flumeview-hashtable/simple': () => require('flumeview-hashtable/test/simple'),
  'flumeview-hashtable/index': () => require('flumeview-hashtable/test/flumeview-index'),
  'flumeview-query/exact': () => require('flumeview-query/test/setup')('exact', require('flumeview-query/test/exact')),
  'flumeview-query/nested': () => require('flumeview-query/test/setup')('nested', require('flumeview-query/test/nested-links')),
  'flumeview-query/scan': () => require('flumeview-query/test/setup')('scan', require('flumeview-query/test/scan')),
  'flumeview-query/random': () => require('flumeview-query/test/random')
}

const RAW = { encode: (value) => value, decode: (bytes) => Buffer.from(bytes), buffer: true }
const identities = new Map()

/** What stands in for flumelog-offset: its arguments, our log. Each file is an identity that is made for it, empty. */
function create (file, given, legacyCodec, where = { directory: options.data }) {
  const identity = identities.get(file) || `${options.suite.replace('/', '-')}-${process.pid}-${identities.size}`
  if (!identities.has(file)) make(identity)
  identities.set(file, identity)
  const codec = codecOf(given, legacyCodec)
  return flumelog({ ...where, identity, filename: file, codec, durability: 'os' })
}

/** The log waits for its identity: until the service has made it there is no socket. */
function make (identity) {
  fetch(new URL(`/v1/identities/${identity}`, options.http), { method: 'POST' }).then(async (answer) => {
    if (!answer.ok) throw new Error(await answer.text())
  }).catch((error) => {
    console.error(error)
    process.exit(1)
  })
}

/** flumelog-offset keeps buffers as they are when it is given options without a codec; test-flumelog gives no options. */
function codecOf (given, legacyCodec) {
  if (given === undefined) return undefined
  return legacyCodec || given.codec || RAW
}

function standIn () {
  const replaced = require.resolve('flumelog-offset')
  const load = Module._load
  Module._load = function (request, parent, isMain) {
    const found = /flumelog-offset$|^\.\.\/?$/.test(request) && Module._resolveFilename(request, parent, isMain)
    return found === replaced ? create : load.apply(this, arguments)
  }
}

/** Results alone: what the suites print beside them says nothing here. */
function quiet () {
  console.log = (...args) => {
    if (/^(not )?ok|^# (tests|pass|fail)/.test(String(args[0]))) process.stdout.write(`${args[0]}\n`)
  }
}

if (!SUITES[options.suite]) {
  console.log(Object.keys(SUITES).join('\n'))
} else {
  standIn()
  quiet()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'flume-peers-'))
  process.chdir(folder)
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))
  SUITES[options.suite]()
}
