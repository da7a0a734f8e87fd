// The state of everything, as the server's events tell it, and its history of the last minutes.
import { events, Problem } from './api.js'
import { useEffect, useState } from './html.js'

const historySeconds = 300
const state = {
  connected: false, error: null, server: null, identities: new Map(), views: new Map(), history: new Map()
}
const listeners = new Set()
let watched
let stop = null
let isTelling = false

/** The state; the component is drawn again whenever it changes. */
export function useStatus () {
  const [, redraw] = useState(0)
  useEffect(() => {
    const listener = () => redraw(number => number + 1)
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, [])
  return state
}

/** Watches the list of identities, and the views of one of them. */
export function watch (identity) {
  if (identity === watched && stop) return
  watched = identity
  stop?.abort()
  stop = new AbortController()
  state.views = new Map()
  follow(identity, stop.signal)
}

async function follow (identity, signal) {
  const path = '/v1/events' + (identity ? `?identity=${encodeURIComponent(identity)}` : '')
  for (let wait = 250; !signal.aborted; wait = Math.min(wait * 2, 5000)) {
    let fresh = { identities: new Map(), views: new Map() }
    try {
      await events(path, {
        signal,
        onEvent: (name, data) => {
          wait = 250
          apply(fresh ?? state, name, data)
          if (name !== 'ready') return tell()
          // Until the first picture is whole the old one stays: a reconnect does not blink.
          Object.assign(state, fresh, { connected: true, error: null })
          fresh = null
          tell()
        }
      })
    } catch (error) {
      if (signal.aborted) return
      state.error = error instanceof Problem ? error.message : null
    }
    if (signal.aborted) return
    state.connected = false
    tell()
    await new Promise(resolve => setTimeout(resolve, wait))
  }
}

function apply (target, name, data) {
  if (name === 'server') state.server = data
  else if (name === 'identity') target.identities.set(data.name, data)
  else if (name === 'view') target.views.set(data.view.name, data.view)
  else if (name === 'gone' && data.view) target.views.delete(data.view)
  else if (name === 'gone') target.identities.delete(data.identity)
}

// Many events come together: one drawing serves them all. A page in the background is told, too, just less often.
function tell () {
  if (isTelling) return
  isTelling = true
  const done = () => {
    isTelling = false
    for (const listener of listeners) listener()
  }
  if (document.hidden) setTimeout(done, 250)
  else requestAnimationFrame(done)
}

function remember () {
  const identity = state.identities.get(watched)
  if (!identity?.open) return
  let lag = 0
  for (const view of state.views.values()) lag = Math.max(lag, view.lag.records)
  const points = state.history.get(watched) ?? []
  points.push({ at: Date.now(), append: identity.recordsPerSecond, lag })
  if (points.length > historySeconds) points.shift()
  state.history.set(watched, points)
  tell()
}

setInterval(remember, 1000)
