'use strict'
// Answers requests with the real JavaScript modules: one JSON object a line in, one a line out, in order.
//   node answer.js DIRECTORY     DIRECTORY holds secret and flume/log.offset, and gets the indexes
// {method, args[, theirs]}              -> {value} | {undefined: true} | {rows: [...]} | {error: {name, message}} | {hung: true}
// {live: [{method, args[, theirs]}], append: [[record]]}
//                                       -> {streams: [[...]]}    what each stream gave until all groups were appended
// {sink: method, items: [...]}          -> {value} | {undefined: true} | {error}
const readline = require('readline')
const { start, whenCurrent, load } = require('./stack')

const print = process.stdout.write.bind(process.stdout)
console.log = console.error = () => {} // plugins print
const patienceMs = Number(process.env.FLUME_PARITY_PATIENCE_MS || 10000)
const quietMs = 150 // a stream that gives nothing for so long has given what it had
const pull = load('pull-stream')
const { ssb, database } = start(process.argv[2])
let crashed = () => {}
process.on('uncaughtException', error => crashed(error))

const failed = error => ({ error: { name: String((error && error.name) || 'Error'), message: String((error && error.message) || error) } })
const given = value => value === undefined ? { undefined: true } : { value }
const find = method => method.split('.').reduce((at, name) => at && at[name], ssb)
const isSource = method => method.split('.').reduce((at, name) => at && at[name], ssb.manifest || {}) === 'source' ||
  /Stream$|^links$|^latest$|messagesByType|\.read$|search\.query|friends\.stream/.test(method)
const isSync = method => /^(whoami|version|query\.explain|private\.unbox)$/.test(method)

function call ({ method: ours, theirs, args }, cb) {
  const method = theirs || ours
  const f = find(method)
  if (!f) return cb({ missing: method })
  if (isSync(method)) return cb(given(f(...args)))
  if (!isSource(method)) return f(...args, (error, value) => cb(error ? failed(error) : given(value)))
  pull(f(...args), pull.collect((error, rows) => cb(error && error !== true ? failed(error) : { rows })))
}

function live ({ live, append }, cb) {
  const streams = live.map(() => [])
  const ends = live.map(({ method, theirs, args }, i) => {
    const drain = pull.drain(item => { streams[i].push(structuredClone(item)) }, // plugins give what they go on changing
      error => { if (error && error !== true) streams[i].push(failed(error)) })
    try {
      pull(find(theirs || method)(...args), drain)
      return drain
    } catch (error) {
      streams[i].push(failed(error))
      return { abort () {} }
    }
  })
  const given = () => streams.reduce((sum, stream) => sum + stream.length, 0)
  const whenQuiet = next => {
    const before = given()
    setTimeout(() => given() === before ? next() : whenQuiet(next), quietMs)
  }
  const settle = next => whenCurrent(database, patienceMs, late => late ? cb({ hung: late }) : whenQuiet(next))
  const groups = append.slice()
  const next = () => {
    if (groups.length === 0) {
      ends.forEach(end => end.abort())
      return cb({ streams })
    }
    database.rawAppend(groups.shift(), error => error ? cb(failed(error)) : settle(next))
  }
  settle(next)
}

function sink ({ sink, items }, cb) {
  pull(pull.values(items), find(sink)((error, value) => cb(error ? failed(error) : given(value))))
}

function answer (request, cb) {
  let open = true
  const once = reply => {
    if (!open) return
    open = false
    clearTimeout(timer)
    crashed = () => {}
    cb(reply)
  }
  const timer = setTimeout(() => once({ hung: true }), request.live ? 6 * patienceMs : patienceMs)
  crashed = error => once(failed(error))
  try {
    if (request.live) live(request, once)
    else if (request.sink) sink(request, once)
    else call(request, once)
  } catch (error) {
    once(failed(error))
  }
}

const waiting = []
let busy = true
let ended = false
const next = () => {
  if (waiting.length === 0) {
    busy = false
    if (ended) process.exit(0)
    return
  }
  busy = true
  answer(JSON.parse(waiting.shift()), reply => {
    print(JSON.stringify(reply) + '\n')
    setImmediate(next)
  })
}

readline.createInterface({ input: process.stdin })
  .on('line', line => { waiting.push(line); if (!busy) next() })
  .on('close', () => { ended = true; if (!busy) process.exit(0) })
whenCurrent(database, 6 * patienceMs, late => {
  print(JSON.stringify(late ? { late } : { ready: true }) + '\n')
  next()
})
