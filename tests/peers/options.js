'use strict'
// The command line as an object: --name value …

const options = {}
for (let i = 2; i + 1 < process.argv.length; i += 2) options[process.argv[i].replace(/^--/, '')] = process.argv[i + 1]

module.exports = { options }
