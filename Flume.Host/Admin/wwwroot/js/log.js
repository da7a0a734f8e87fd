// An identity's log: what it is, how large, how durable, and how fast it grows.
import { html } from './html.js'
import { bytes, count, rate, short } from './format.js'
import { append, backUpIdentity } from './actions.js'
import { Chart } from './charts.js'
import { toast } from './dialogs.js'
import { reopen } from './api.js'

export function Log ({ identity, points }) {
  return html`
    <section class="card log" aria-label="Log">
      <header>
        <h1>${identity.name}</h1>
        ${identity.id && html`
          <button class="id" title="Copy the id" onClick=${() => copy(identity.id)}>${identity.id}</button>`}
        <span class="spring"></span>
        <div class="actions">
          ${!identity.readOnly && html`<button class="quiet" onClick=${() => append(identity)}>
            ${identity.kind === 'events' ? 'Append' : 'Publish'}</button>`}
          <button class="quiet" onClick=${() => backUpIdentity(identity)}>Back up</button>
        </div>
      </header>
      ${identity.readOnly && html`
        <p class=${identity.following ? 'note' : 'banner'}>${identity.readOnly}
          ${identity.durableBytes != null && html`
            <button onClick=${() => tryAgain(identity.name)}>Reopen the log</button>`}
        </p>`}
      <dl class="facts">
        <${Fact} name="Size" value=${bytes(identity.bytes)} more="${identity.offsetBits}-bit offsets" />
        <${Fact} name="Records" value=${records(identity)} />
        <${Fact} name="Head" value=${identity.head < 0 ? 'empty' : count(identity.head)} />
        <${Fact} name="Appends" value=${rate(identity.recordsPerSecond) || 'none now'}
          more=${identity.bytesPerSecond > 0 ? `${bytes(identity.bytesPerSecond)}/s` : ''} />
        <${Fact} name="Synced to disk" value=${durable(identity)} more=${owed(identity)} />
        <${Fact} name="Waiting" value=${count(identity.waiting.records)}
          more=${identity.waiting.bytes > 0 ? bytes(identity.waiting.bytes) : ''} />
      </dl>
      ${points.some(point => point.append > 0 || point.lag > 0) && html`<div class="charts">
        <${Chart} title="Appended" points=${points} of="append" kind="append" format=${value => `${short(value)}/s`} />
        <${Chart} title="Largest lag" points=${points} of="lag" kind="lag"
          format=${value => `${short(value)} records`} />
      </div>`}
    </section>`
}

const Fact = ({ name, value, more }) => html`
  <div><dt>${name}</dt><dd>${value} ${more && html`<small>${more}</small>`}</dd></div>`

const records = identity => identity.records == null && !identity.readOnly ? 'counting' : count(identity.records)

const durable = identity => identity.durableBytes == null ? 'followed'
  : identity.durableBytes >= identity.bytes ? 'everything'
  : bytes(identity.durableBytes)

const owed = identity => identity.durableBytes == null || identity.durableBytes >= identity.bytes ? ''
  : `${bytes(identity.bytes - identity.durableBytes)} not yet synced`

async function tryAgain (identity) {
  try {
    await reopen(identity)
    toast(`The log of ${identity} takes appends.`)
  } catch (problem) {
    toast(problem.message, 'bad')
  }
}

async function copy (id) {
  try {
    await navigator.clipboard.writeText(id)
    toast('The id was copied.')
  } catch {
    toast('The browser did not let the page copy.', 'bad')
  }
}
