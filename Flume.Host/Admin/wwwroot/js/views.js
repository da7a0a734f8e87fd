// The views of an identity: how far each has come, and the commands an operator gives.
import { html } from './html.js'
import { bytes, count, percent, rate, seconds } from './format.js'
import { command } from './api.js'
import { confirm, toast } from './dialogs.js'
import { Skipped } from './skipped.js'

const words = {
  rebuild: view => ({
    title: `Rebuild ${view}?`, yes: 'Rebuild',
    text: 'Its rows are derived anew from the log, beside the old ones, which go on answering until then.'
  }),
  cancel: view => ({
    title: `Cancel the rebuild of ${view}?`, yes: 'Cancel the rebuild', no: 'Keep it running', danger: true,
    text: 'What was built so far is thrown away; the old rows stay and go on from where they are.'
  }),
  pause: view => ({
    title: `Pause ${view}?`, yes: 'Pause',
    text: 'It answers the rows it has and stops following the log, also across restarts, until it is resumed.',
    fields: [{ name: 'reason', label: 'Reason', required: true, hint: 'Others read it here and in flume status.' },
      { name: 'until', label: 'Until', type: 'datetime-local', hint: 'Empty: until somebody resumes it.' }]
  }),
  resume: view => ({ title: `Resume ${view}?`, yes: 'Resume', text: 'It follows the log again from where it stands.' })
}

const offered = {
  live: ['rebuild', 'pause'], 'catching-up': ['rebuild', 'pause'], paused: ['resume'], rebuilding: ['cancel'],
  faulted: ['resume', 'rebuild']
}

async function give (identity, view, verb) {
  const answer = await confirm(words[verb](view ?? 'all views'))
  if (!answer) return
  const parameters = {}
  if (answer.reason) parameters.reason = answer.reason
  if (answer.until) parameters.until = new Date(answer.until).toISOString()
  try {
    const { views } = await command(identity, view, verb, parameters)
    toast(view ? `${view} ${views[0].text}.` : `${views.length} views: ${verb} accepted.`)
  } catch (error) {
    toast(error.message, 'bad')
  }
}

export function Views ({ identity, views, open, onOpen }) {
  const all = [...views.values()].sort((a, b) => a.name < b.name ? -1 : 1)
  return html`
    <section class="card views" aria-label="Views">
      <header><h2>Views <small>${all.length}</small></h2>
        <div class="actions">${['rebuild', 'pause', 'resume', 'cancel'].map(verb => html`
          <button class="quiet" disabled=${!all.some(view => offered[view.state].includes(verb))}
            onClick=${() => give(identity.name, null, verb)}>${capital(verb)} all</button>`)}</div>
      </header>
      <table>
        <thead><tr><th>View</th><th>State</th><th class="wide">Since / head</th><th class="number">Lag</th>
          <th class="number">Rate</th><th class="number">ETA</th><th class="number">Store</th>
          <th class="number">Skipped</th>
          <th class="number">Restarts</th><th><span class="hidden">Commands</span></th></tr></thead>
        <tbody>${all.map(view => html`
          <${View} key=${view.name} identity=${identity} view=${view} onSkipped=${onOpen} />`)}</tbody>
      </table>
      ${all.length === 0 && html`<p class="empty">
        ${identity.open ? (identity.kind === 'events' ? 'No views yet. A query with a name is one.' : 'Looking …') : 'The identity is closed: its next use opens it.'}</p>`}
      ${open && views.has(open) && html`<${Skipped} key=${open} identity=${identity.name} view=${views.get(open)}
        onClose=${() => onOpen('')} />`}
    </section>`
}

function View ({ identity, view, onSkipped }) {
  const moving = view.rebuilding ?? view
  const done = identity.bytes > 0 ? 1 - view.lag.bytes / identity.bytes : 1
  const notes = remarks(view)
  return html`
    <tr class=${notes.length ? 'noted' : ''} data-view=${view.name} data-state=${view.state}>
      <th scope="row">${view.name} <small title=${`version ${view.version}`}>
        ${view.kind === 'built-in' ? `v${view.version}` : view.kind}</small></th>
      <td><span class="state ${view.state}">${view.state.replace('-', ' ')}</span></td>
      <td class="wide" data-label="Since / head"><${Bar} view=${view} done=${done} /></td>
      <td class="number" data-label="Lag">${view.lag.records > 0 || view.lag.bytes > 0
        ? html`${count(view.lag.records)} <small>${bytes(view.lag.bytes)} · ${seconds(view.lag.seconds)}</small>`
        : html`<span class="none">0</span>`}</td>
      <td class="number" data-label="Rate">${rate(moving.recordsPerSecond)}</td>
      <td class="number" data-label="ETA">${seconds(moving.etaSeconds)}</td>
      <td class="number" data-label="Store">${bytes(view.storeBytes)}</td>
      <td class="number" data-label="Skipped">${view.skipped > 0
        ? html`<button class="link" onClick=${() => onSkipped(view.name)}>${count(view.skipped)}</button>`
        : html`<span class="none">0</span>`}</td>
      <td class="number" data-label="Restarts">${view.restarts > 0 ? view.restarts
        : html`<span class="none">0</span>`}</td>
      <td class="actions">${offered[view.state].map(verb => html`
        <button class="quiet" aria-label="${capital(verb)} ${view.name}"
          onClick=${() => give(identity.name, view.name, verb)}>${capital(verb)}</button>`)}</td>
    </tr>
    ${notes.length > 0 && html`<tr class="notes"><td colspan="10">${notes.map(note => html`
      <p class=${note.kind}>${note.text}</p>`)}</td></tr>`}`
}

function Bar ({ view, done }) {
  const part = view.rebuilding ? view.rebuilding.progress : done
  return html`
    ${(view.rebuilding || part < 1) && html`<div class="bar ${view.state}" role="progressbar" aria-label=${view.rebuilding ? 'rebuilt' : 'followed'}
      aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(part * 100)}>
      <span style=${{ width: `${part * 100}%` }}></span></div>`}
    <small class="since">${view.rebuilding ? `rebuilt ${percent(part)} · rows since ${count(view.since)}`
      : view.since < 0 && view.head >= 0 ? 'no rows'
      : part < 1 ? `${count(view.since)} of ${count(view.head)} · ${percent(part)}` : count(view.since)}</small>`
}

function remarks (view) {
  const notes = []
  if (view.rebuilding) notes.push({ kind: 'plain', text: `Rebuilding: ${view.rebuilding.reason}.` })
  if (view.waitsFor) notes.push({ kind: 'plain', text: `Waits for ${view.waitsFor}.` })
  if (view.paused) {
    const until = view.paused.until ? `until ${new Date(view.paused.until).toLocaleString()}` : 'until it is resumed'
    notes.push({ kind: 'plain', text: `Paused ${until}: ${view.paused.reason}` })
  }
  if (view.lastError) {
    notes.push({ kind: view.state === 'faulted' ? 'bad' : 'plain', text: `Last error: ${view.lastError}` })
  }
  return notes
}

const capital = word => word[0].toUpperCase() + word.slice(1)
