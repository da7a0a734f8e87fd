// What query.explain answered, as a plan: what is read, what the indexes scored, what runs after.
import { html } from './html.js'

export function Plan ({ plan, onClose }) {
  const flume = plan.flume ?? {}
  const scores = Object.entries(plan.scores ?? {}).sort((a, b) => b[1] - a[1])
  const most = Math.max(1, ...scores.map(([, score]) => score))
  return html`
    <section class="card plan" aria-label="Plan">
      <header><h2>Plan</h2><button class="icon" aria-label="Close the plan" onClick=${onClose}>×</button></header>
      <ol class="steps">
        <li>${reads(plan, flume)}</li>
        ${plan.live && html`<li><strong>Live</strong><span>goes on with what is appended</span></li>`}
        <li><strong>${plan.reverse ? 'Newest first' : 'Oldest first'}</strong></li>
      </ol>
      ${scores.length > 0 && html`<table class="scores"><caption>How well each index fits</caption>
        ${scores.map(([name, score]) => html`<tr><th scope="row"><code>${name}</code></th>
          <td><div class="bar"><span style=${{ width: `${score / most * 100}%` }}></span></div></td>
          <td class="number">${score}</td></tr>`)}</table>`}
      <details><summary>As answered</summary><pre>${JSON.stringify(plan, null, 2)}</pre></details>
    </section>`
}

function reads (plan, flume) {
  const index = (name, how) => html`<strong>Index <code>${name}</code></strong><span>${how}</span>`
  if (flume.counts) return index(flume.counts.index, `${starts(flume.counts)}: counted, no message is read`)
  if (plan.index) return index(plan.index, bounds(plan))
  if (flume.reads) return index(flume.reads.index, `${starts(flume.reads)}: what it leads to is filtered`)
  return html`<strong>The whole log</strong><span>no index fits: every message is filtered</span>`
}

const parts = list => list.map(part => JSON.stringify(part)).join(' · ')
const starts = access => `what starts with ${(access.starts ?? []).map(parts).join(', ')}`

function bounds ({ gte, lte, gt, lt }) {
  const low = gte ?? gt
  const high = lte ?? lt
  if (low === undefined && high === undefined) return 'from its beginning to its end'
  return `from ${edge(low, '−∞')} to ${edge(high, '+∞')}`
}

// In a bound null stands below and undefined above everything; JSON writes both as null.
function edge (bound, open) {
  if (bound == null) return open
  if (!Array.isArray(bound)) return JSON.stringify(bound)
  return bound.map(part => part === null ? open : JSON.stringify(part)).join(' · ')
}
