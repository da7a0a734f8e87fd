// The list of identities at the side.
import { makeIdentity } from './actions.js'
import { html, useState } from './html.js'
import { bytes, short } from './format.js'
import { link } from './route.js'

/** The worst thing that is the matter with an identity, as the name of a colour. */
export function mood (identity) {
  if (identity.error || identity.states?.faulted || (identity.readOnly && !identity.following)) return 'faulted'
  if (!identity.open) return 'closed'
  return ['rebuilding', 'catching-up', 'paused'].find(state => identity.states?.[state]) ?? 'live'
}

export function Identities ({ identities, selected, tab, connected }) {
  const [filter, setFilter] = useState('')
  const all = [...identities.values()].sort((a, b) => a.name < b.name ? -1 : 1)
  const shown = all.filter(each => each.name.includes(filter) || each.id?.includes(filter))
  return html`
    <nav class="identities" aria-label="Identities">
      <h2>Identities <small>${all.length}</small></h2>
      ${all.length > 8 && html`<input type="search" placeholder="Filter" aria-label="Filter identities" value=${filter}
        onInput=${event => setFilter(event.target.value)} />`}
      <ul>${shown.map(each => html`
        <li key=${each.name}>
          <a href=${link(each.name, tab)} aria-current=${each.name === selected ? 'page' : undefined}>
            <span class="dot ${mood(each)}" title=${mood(each)}></span>
            <span class="name">${each.name}</span>
            <small>${each.open ? bytes(each.bytes) : each.error ? 'refused' : 'closed'}</small>
            ${each.recordsPerSecond > 0 && html`<small class="rate">${short(each.recordsPerSecond)}/s</small>`}
          </a>
        </li>`)}
      </ul>
      ${connected && all.length === 0 && html`<p class="empty">None yet.</p>`}
      ${connected && html`<button class="quiet" onClick=${makeIdentity}>Make an identity</button>`}
    </nav>`
}
