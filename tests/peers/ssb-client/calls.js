'use strict'
// NODE_PATH=../server/node_modules node calls.js --remote ADDRESS --secret FILE --golden DIR [--deviations ID,ID…]
//
// Connects ssb-client to ADDRESS (a multiserver address) as the identity of FILE, which must be the small vectors' identity
// with its log, and makes every call of tiers A and B. Appends messages. Prints what differs; ends with 1 when anything did.
// Deviations are the golden cases that differ on purpose.

const ssbClient = require('ssb-client')
const ssbKeys = require('ssb-keys')
const golden = require('./golden')
const checks = ['read', 'oasis', 'write', 'blobs', 'tiers'].map((name) => require(`./checks-${name}`))

const MAIN_NET = '1KHLiKZvAvjbY1ziZEHMXawbCEIM6qwjCDm3VYRan/s='

main().catch((error) => {
  console.error(error)
  process.exit(1)
})

async function main () {
  const options = parse(process.argv.slice(2))
  const keys = ssbKeys.loadSync(options.secret)
  const client = await ssbClient(keys, { remote: options.remote, caps: { shs: MAIN_NET } })
  const outcome = { cases: 0, wrong: 0 }
  const report = (id, difference) => {
    outcome.cases++
    if (!difference) return
    outcome.wrong++
    console.log(`WRONG ${id}: ${difference.slice(0, 2000)}`)
  }

  const deviations = (options.deviations || '').split(',')
  await golden(client, { directory: options.golden, deviations }, report)
  for (const check of checks) await run(check, client, keys, report)
  console.log(JSON.stringify(outcome))
  await new Promise((resolve) => client.close(resolve))
  process.exit(outcome.wrong ? 1 : 0)
}

/** Runs named checks one after the other; one that throws differs. */
async function run (check, client, keys, report) {
  for (const [name, test] of Object.entries(check)) {
    try {
      await test(client, keys)
      report(name, null)
    } catch (error) {
      report(name, error.stack)
    }
  }
}

function parse (args) {
  const options = {}
  for (let i = 0; i + 1 < args.length; i += 2) options[args[i].replace(/^--/, '')] = args[i + 1]
  for (const name of ['remote', 'secret', 'golden']) {
    if (!options[name]) throw new Error(`--${name} is missing: node calls.js --remote ADDRESS --secret FILE --golden DIR`)
  }
  return options
}
