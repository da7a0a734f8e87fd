'use strict'
// Calls methods of an ssb-client by their dotted names, with promises.

const pull = require('pull-stream')

const PATIENCE = 30000

/** The names of the methods that were asked for so far. */
const asked = new Set()

/** The client's method of a dotted name; throws when the manifest did not have it. */
function get (client, name) {
  asked.add(name)
  const method = name.split('.').reduce((at, part) => at && at[part], client)
  if (typeof method !== 'function') throw new Error(`the client has no method ${name}`)
  return method
}

/** The answer of an async method. */
function call (client, name, args = []) {
  return within(name, new Promise((resolve, reject) => {
    get(client, name)(...args, (error, value) => error ? reject(toError(error)) : resolve(value))
  }))
}

/** All items of a source. */
function rows (client, name, args = []) {
  return within(name, new Promise((resolve, reject) => {
    pull(get(client, name)(...args), pull.collect((error, items) => error ? reject(toError(error)) : resolve(items)))
  }))
}

/** The first items of a source, which is then aborted; `filter` says which count. */
function take (client, name, args, count, filter = () => true) {
  return within(name, new Promise((resolve, reject) => {
    pull(get(client, name)(...args), pull.filter(filter), pull.take(count), pull.collect((error, items) => {
      if (error) reject(toError(error))
      else if (items.length < count) reject(new Error(`${name} ended after ${items.length} of ${count} items`))
      else resolve(items)
    }))
  }))
}

/** Opens a source that has nothing to tell, makes a call, and ends the source: resolves with what came. */
async function silence (client, name) {
  const came = []
  const read = get(client, name)()
  read(null, (end, item) => { if (!end) came.push(item) })
  await call(client, 'version')
  return within(name, new Promise((resolve) => read(true, () => resolve(came))))
}

/** Sends items to a sink. */
function send (client, name, args, items) {
  return within(name, new Promise((resolve, reject) => {
    pull(pull.values(items), get(client, name)(...args, (error, value) => error ? reject(toError(error)) : resolve(value)))
  }))
}

function toError (error) {
  return error instanceof Error ? error : Object.assign(new Error(error.message || String(error)), { name: error.name })
}

function within (name, promise) {
  let timer
  const late = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${name} did not answer within ${PATIENCE} ms`)), PATIENCE)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

module.exports = { asked, get, call, rows, take, silence, send }
