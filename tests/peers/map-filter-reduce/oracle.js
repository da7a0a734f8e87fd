'use strict'
// Answers questions with the real JavaScript modules: one JSON object a line in, one a line out.
//   node oracle.js NODE_MODULES < questions > answers
// {op:'run', query, input}                  -> {output} | {error}     map-filter-reduce over the input
// {op:'explain', dialect, indexes, opts}    -> {output} | {error}     flumeview-query's explain, flumeview-links' choice and bounds
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
    if (question.dialect === 'query') cb(null, visible(load('flumeview-query/explain')(question.indexes, () => {})(question.opts)))
    else links(question, cb)
  },

  typewise (question, cb) {
    cb(null, Math.sign(typewise(question.a, question.b)))
  },

  charwise (question, cb) {
    cb(null, Math.sign(Buffer.compare(Buffer.from(charwise.encode(question.a)), Buffer.from(charwise.encode(question.b)))))
  }
}

function visible (explained) {
  const show = value => value === undefined ? { undefined: true } : Array.isArray(value) ? value.map(show) : value
  for (const end of ['gte', 'lte']) if (explained[end]) explained[end] = explained[end].map(show)
  return explained
}

// flumeview-links keeps its choice to itself, so a stand-in for its view catches the bounds that read() asks for.
function links ({ indexes, opts }, cb) {
  const level = path.join(modules, 'flumeview-level')
  const id = require.resolve(level)
  const real = require.cache[id]
  let asked = null
  require.cache[id] = { id, filename: id, loaded: true, exports: () => () => ({ methods: {}, read (o) { asked = o; return pull.empty() } }) }
  delete require.cache[require.resolve(path.join(modules, 'flumeview-links'))]
  try {
    const view = load('flumeview-links')(indexes)({ stream: () => pull.empty() }, 'links')
    let explained
    view.explain(JSON.parse(JSON.stringify(opts)), (err, result) => { explained = { err, result } })
    if (explained.err) return cb(explained.err)
    pull(view.read(opts), pull.collect(err => cb(err, asked
      ? visible({ index: explained.result.index, gte: asked.gte.slice(1), lte: asked.lte.slice(1) })
      : explained.result)))
  } finally {
    require.cache[id] = real
  }
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
