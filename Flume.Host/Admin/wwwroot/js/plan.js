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
          <td><div class="bar"><span style=${{ width: `${score / most * 100}%` }}></span></div></td><td class="number">${score}</td></tr>`)}</table>`}
      <details><summary>As answered</summary><pre>${JSON.stringify(plan, null, 2)}</pre></details>
    </section>`
}

function reads (plan, flume) {
  const index = name => html`Index <code>${name}</code>`
  if (flume.counts) return html`<strong>${index(flume.counts.index)}</strong><span>${starts(flume.counts)}: counted, no message is read</span>`
  if (plan.index) return html`<strong>${index(plan.index)}</strong><span>${bounds(plan)}</span>`
  if (flume.reads) return html`<strong>${index(flume.reads.index)}</strong><span>${starts(flume.reads)}: what it leads to is filtered</span>`
  return html`<strong>The whole log</strong><span>no index fits: every message is filtered</span>`
}

const starts = access => `what starts with ${(access.starts ?? []).map(start => start.map(part => JSON.stringify(part)).join(' · ')).join(', ')}`

function bounds ({ gte, lte, gt, lt }) {
  const low = gte ?? gt
  const high = lte ?? lt
  if (low === undefined && high === undefined) return 'from its beginning to its end'
  return `from ${edge(low, '−∞')} to ${edge(high, '+∞')}`
}

// In a bound null stands below and undefined above everything; JSON writes both as null.
function edge (bound, open) {
  if (bound == null) return open
  return Array.isArray(bound) ? bound.map(part => part === null ? open : JSON.stringify(part)).join(' · ') : JSON.stringify(bound)
}
