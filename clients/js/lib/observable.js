'use strict'

/**
 * A value that can be listened to, with the interface that flumedb expects (npm obv, obz): `since(fn)` calls `fn` now, when
 * there is a value, and at every change; `since.once(fn)` once; both return a function that stops it; `since.value` reads.
 */
function createObservable () {
  let listeners = []
  let waiting = []

  function observable (fn, immediately) {
    listeners.push(fn)
    if (observable.value !== undefined && immediately !== false) fn(observable.value)
    return () => { listeners = listeners.filter((other) => other !== fn) }
  }

  observable.value = undefined

  observable.set = (value) => {
    observable.value = value
    for (const fn of listeners) {
      if (observable.value !== value) return observable
      fn(value)
    }
    const once = waiting
    waiting = []
    for (const fn of once) fn(value)
    return observable
  }

  observable.once = (fn, immediately) => {
    if (observable.value !== undefined && immediately !== false) {
      fn(observable.value)
      return () => {}
    }
    waiting.push(fn)
    return () => { waiting = waiting.filter((other) => other !== fn) }
  }

  return observable
}

module.exports = { createObservable }
