'use strict'
// Runs the npm package's own tests and writes down what they asked and what came out, one JSON object a line:
//   node record.js NODE_MODULES > package-tests.jsonl
// {rule, value, result}                make(rule)(value)
// {rule, input, result}                input.reduce(make(rule), null), {rule, input, passed} input.filter(make(rule))
// {query, input, output}               the stream form
const fs = require('fs')
const path = require('path')
const Module = require('module')
const { load, modules } = require('./oracle')

const root = path.join(modules, 'map-filter-reduce')
const made = new Map() // function -> rule
const recorded = new Set()
let within = 0

function record (entry) {
  if (!within) recorded.add(JSON.stringify(entry))
}

function quietly (fn) {
  within++
  try { return fn() } finally { within-- }
}

const realMake = load('map-filter-reduce/make')
function make (rule) {
  const fn = realMake(rule)
  const wrapped = fn.length === 2
    ? function (a, b) { return fn(a, b) }
    : function (value) {
      const result = fn(value)
      record({ rule, value, result })
      return result
    }
  made.set(wrapped, rule)
  return wrapped
}

for (const name of ['reduce', 'filter']) {
  const real = Array.prototype[name]
  Array.prototype[name] = function (fn, ...rest) { // eslint-disable-line no-extend-native
    if (!made.has(fn)) return real.call(this, fn, ...rest)
    const input = JSON.parse(JSON.stringify(this))
    const result = quietly(() => real.call(this, fn, ...rest))
    if (name === 'filter') record({ rule: made.get(fn), input, passed: result })
    else if (rest.length) record({ rule: made.get(fn), input, result })
    return result
  }
}

const pull = load('pull-stream')
const realMfr = load('map-filter-reduce')
function stream (query, through) {
  const input = []
  return pull(pull.through(data => input.push(data)), through, read => (abort, cb) => read(abort, (end, data) => {
    stream.outputs.get(input) ? stream.outputs.get(input).push(data) : stream.outputs.set(input, [data])
    if (end) {
      const output = stream.outputs.get(input).slice(0, -1)
      record({ query, input, output })
    }
    cb(end, data)
  }))
}
stream.outputs = new Map()
const mfr = Object.assign(query => stream(query, realMfr(query)), {
  reduce: query => stream([query], realMfr.reduce(query))
})

function tape (name, run) {
  run({ end () {}, ok () {}, notOk () {}, equal () {}, deepEqual () {}, plan () {} })
}

const substitutes = { tape, '../make': make, '..': mfr, '../': mfr, 'pull-stream': pull }
for (const file of fs.readdirSync(path.join(root, 'test')).sort()) {
  const filename = path.join(root, 'test', file)
  const module = new Module(filename)
  const body = Module.wrap(fs.readFileSync(filename, 'utf8'))
  const find = name => substitutes[name] || require(require.resolve(name, { paths: [path.dirname(filename)] }))
  require('vm').runInThisContext(body, filename).call(module.exports, module.exports, find, module, filename, root)
}
process.stdout.write([...recorded].join('\n') + '\n')
