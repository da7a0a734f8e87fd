// One line above everything: whether all is well, and what is not.
import { html } from './html.js'
import { count } from './format.js'

const moving = ['rebuilding', 'catching-up', 'paused']

/** What is the matter with an identity, in a few words; null when nothing is. */
function trouble (identity) {
  if (identity.error) return `${identity.name} can't be opened`
  if (identity.readOnly && !identity.following) return `${identity.name} refuses appends`
  const faulted = identity.states?.faulted ?? 0
  return faulted > 0 ? `${identity.name} has ${plural(faulted, 'faulted view')}` : null
}

export function Verdict ({ status }) {
  if (!status.connected) return null
  const all = [...status.identities.values()]
  const wrong = all.map(trouble).filter(Boolean)
  const states = {}
  for (const each of all) {
    for (const [state, number] of Object.entries(each.states ?? {})) states[state] = (states[state] ?? 0) + number
  }
  const views = Object.values(states).reduce((sum, number) => sum + number, 0)
  const busy = moving.filter(state => states[state]).map(state => `${count(states[state])} ${state.replace('-', ' ')}`)
  const whole = `${plural(all.length, 'identity', 'identities')}, ${plural(views, 'view')}${busy.length ? `: ${busy.join(', ')}` : views ? ', all live' : ''}`
  return html`
    <p class="verdict ${wrong.length ? 'wrong' : 'well'}" role="status">
      <strong>${wrong.length ? 'Needs attention' : 'All is well'}</strong>
      <span>${wrong.length ? `${wrong.slice(0, 3).join(', ')}${wrong.length > 3 ? `, and ${wrong.length - 3} more` : ''}` : whole}</span>
    </p>`
}

const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`
