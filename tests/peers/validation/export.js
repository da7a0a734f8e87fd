// Prints one case a line: {state, hmacKey, message, id, valid, reason, fatal}. reason and fatal are ssb-validate's own.
const cases = require('ssb-validation-dataset')
const validate = require('ssb-validate')

function ask (item) {
  const state = item.state && Object.assign({ queue: [] }, item.state)
  try {
    return validate.checkInvalid(state, item.hmacKey, item.message) || null
  } catch (thrown) {
    return thrown
  }
}

for (const item of cases) {
  const error = ask(item)
  const { state, hmacKey, message, id, valid } = item
  const line = { state, hmacKey, message, id, valid, reason: error && error.message, fatal: !!(error && error.fatal) }
  line.threw = error instanceof TypeError
  console.log(JSON.stringify(line))
}
