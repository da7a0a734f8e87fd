'use strict'
// Answers questions with the real JavaScript modules: one JSON object a line in, one a line out.
//   node oracle.js NODE_MODULES < questions > answers
// {op:'run', query, input}                  -> {output} | {error}     map-filter-reduce over the input
// {op:'explain', dialect, indexes, opts}    -> {output} | {error}     choice and bounds of flumeview-query, -links
// {op:'typewise' | 'charwise', a, b}        -> {output: sign} | {error}
// In bounds {"undefined": true} stands for undefined.
const path = require('path')
const readline = require('readline')

const modules = path.resolve(process.env.FLUME_PEER_MODULES || process.argv[2] || 'node_modules')
const load = name => require(path.join(modules, name))
console.log = console.error = () => {} // the modules print while they sort and select

const pull = load('pull-stream')
const mfr = load('map-filter-reduce')
const typewise = load('typewiselite')
const charwise = load('charwise')

const answers = {
  run (question, cb) {
    pull(pull.values(question.input), mfr(question.query), pull.collect((err, output) => cb(err, output)))
  },

  explain (question, cb) {
    if (question.dialect === 'links') return links(question, cb)
    const explain = load('flumeview-query/explain')(question.indexes, () => {})
    cb(null, visible(explain(question.opts)))
  },

  typewise (question, cb) {
    cb(null, Math.sign(typewise(question.a, question.b)))
  },

  charwise (question, cb) {
    const bytes = value => Buffer.from(charwise.encode(value))
    cb(null, Math.sign(Buffer.compare(bytes(question.a), bytes(question.b))))
  }
}

function visible (explained) {
  const show = value => value === undefined ? { undefined: true } : Array.isArray(value) ? value.map(show) : value
  for (const end of ['gte', 'lte']) if (explained[end]) explained[end] = explained[end].map(show)
  return explained
}

// flumeview-links keeps its bounds to itself, so a stand-in for the view below it catches what read() asks for.
let asked = null
let Links = null

function loadLinks () {
  const id = require.resolve(path.join(modules, 'flumeview-level'))
  const read = opts => { asked = opts; return pull.empty() }
  require.cache[id] = { id, filename: id, loaded: true, exports: () => () => ({ methods: {}, read }) }
  return load('flumeview-links')
}

function links ({ indexes, opts }, cb) {
  Links = Links || loadLinks()
  asked = null
  const view = Links(indexes)({ stream: () => pull.empty() }, 'links')
  view.explain(JSON.parse(JSON.stringify(opts)), (err, explained) => {
    if (err) return cb(err)
    pull(view.read(opts), pull.collect(err => cb(err, asked
      ? visible({ index: explained.index, gte: asked.gte.slice(1), lte: asked.lte.slice(1) })
      : explained)))
  })
}

function answer (question, cb) {
  let answered = false
  const once = (err, output) => {
    if (answered) return
    answered = true
    cb(err ? { error: err.message || String(err) } : { output })
  }
  try {
    answers[question.op](question, once)
  } catch (err) {
    once(err)
  }
}

function serve () {
  readline.createInterface({ input: process.stdin }).on('line', line => {
    answer(JSON.parse(line), reply => process.stdout.write(JSON.stringify(reply) + '\n'))
  })
}

module.exports = { load, modules, serve }

if (require.main === module) serve()
