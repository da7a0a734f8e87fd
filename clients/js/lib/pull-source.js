'use strict'

const QUEUE_MOST = 64
const QUEUE_FEW = 16

/**
 * Makes a pull-stream source of a pushed stream. `open({item, end})` starts it and returns {pause, resume, end}; it is started
 * by the first read, and paused while many items wait to be read.
 */
function pullSource (open) {
  const queue = []
  let stream = null
  let waiting = null
  let ended = null

  function start () {
    stream = open({
      isSource: true,
      item (value) {
        if (ended) return
        if (waiting) return answer(null, value)
        queue.push(value)
        if (queue.length === QUEUE_MOST) stream.pause()
      },
      end (error) {
        if (ended) return
        ended = error || true
        if (waiting) answer(ended)
      }
    })
  }

  function answer (end, value) {
    const cb = waiting
    waiting = null
    cb(end, value)
  }

  return function read (abort, cb) {
    if (abort) {
      queue.length = 0
      if (!ended && stream) stream.end(abort === true ? null : abort)
      ended = ended || abort
      if (waiting) answer(abort)
      return cb(abort)
    }
    if (!stream && !ended) start()
    if (queue.length > 0) {
      if (queue.length === QUEUE_FEW) stream.resume()
      return cb(null, queue.shift())
    }
    if (ended) return cb(ended)
    waiting = cb
  }
}

/** The items of a pull-stream source, for `for await`. */
async function * iterate (read) {
  let isOver = false
  try {
    while (true) {
      const [end, value] = await new Promise((resolve) => read(null, (end, value) => resolve([end, value])))
      if (end) isOver = true
      if (end === true) return
      if (end) throw end
      yield value
    }
  } finally {
    if (!isOver) read(true, () => {})
  }
}

module.exports = { iterate, pullSource }
