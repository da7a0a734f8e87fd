'use strict'
// The JavaScript log, driven by the tests of Flume.Log. Payloads travel as base64, one a line.
//   node log.js append FILE BITS        appends the lines of stdin as one batch; prints since
//   node log.js read FILE BITS [OPTS]   prints "seq base64" for each entry of a stream with these options (JSON)
//   node log.js get FILE BITS SEQ       prints the entry, or "error CODE"
//   node log.js del FILE BITS SEQ       deletes an entry; prints since
const fs = require('fs')
const path = require('path')

const [command, file, bits, argument] = process.argv.slice(2)
const moduleDirectory = process.env.FLUMELOG_MODULES || path.join(__dirname, 'node_modules')
const OffsetLog = require(path.join(moduleDirectory, 'flumelog-offset'))
const pull = require(require.resolve('pull-stream', { paths: [moduleDirectory] }))

const log = OffsetLog(file, { offsetCodec: Number(bits) })

function print (line) {
  fs.writeSync(1, line + '\n')
}

function done (error) {
  if (error) throw error
  print(String(log.since.value))
}

const commands = {
  append () {
    const lines = fs.readFileSync(0, 'utf8').split('\n').filter(Boolean)
    log.append(lines.map(line => Buffer.from(line, 'base64')), done)
  },
  read () {
    pull(log.stream(JSON.parse(argument || '{}')), pull.drain(
      entry => print(entry.seq + ' ' + entry.value.toString('base64')),
      error => { if (error && error !== true) throw error }))
  },
  get () {
    log.get(Number(argument), (error, value) => print(error ? 'error ' + error.code : value.toString('base64')))
  },
  del () {
    log.del(Number(argument), done)
  }
}

log.since.once(() => commands[command]())
