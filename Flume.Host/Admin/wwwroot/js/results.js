// Rows of an answer: as a table whose columns the rows themselves decide, or as JSON.
import { html, useState } from './html.js'
import { json, time } from './format.js'
import { link } from './route.js'

const columnsMax = 12
const drawnMax = 500
const textMax = 160
const wideMin = 24

export function Results ({ identity, rows, status }) {
  const [shape, setShape] = useState('table')
  const shown = rows.length > drawnMax ? rows.slice(-drawnMax) : rows
  return html`
    <section class="card results" aria-label="Results">
      <header><div class="status" role="status">${status}</div>
        <div class="switch" role="tablist">${['table', 'json'].map(each => html`
          <button role="tab" aria-selected=${each === shape} onClick=${() => setShape(each)}>
            ${each === 'table' ? 'Table' : 'JSON'}</button>`)}
        </div></header>
      ${rows.length > drawnMax && html`<p class="hint">The last ${drawnMax} rows.</p>`}
      ${rows.length === 0 ? html`<p class="empty">No rows.</p>`
        : shape === 'table' ? html`<${Table} identity=${identity} rows=${shown} />`
        : html`<pre class="json" tabindex="0">${shown.map(row => json(row, 2)).join('\n')}</pre>`}
    </section>`
}

function Table ({ identity, rows }) {
  const flat = rows.map(flatten)
  const columns = columnsOf(flat)
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Rows"><table>
      <thead><tr>${columns.map(name => html`
        <th class=${isNumber(flat, name) ? 'number' : ''}>${name}</th>`)}</tr></thead>
      <tbody>${flat.map((row, i) => html`<tr key=${i}>${columns.map(name => html`
        <td class=${typeof row[name] === 'number' && !isTime(name, row[name]) ? 'number' : ''}>
          <${Cell} identity=${identity} name=${name} value=${row[name]} /></td>`)}</tr>`)}</tbody>
    </table></div>`
}

/** A message shows what people look for first; anything else its own members. */
function flatten (row) {
  if (row === null || typeof row !== 'object' || Array.isArray(row)) return { value: row }
  const { value } = row
  if (typeof row.key !== 'string' || value?.content === undefined) return row
  const { content } = value
  return {
    key: row.key, author: value.author, sequence: value.sequence, timestamp: value.timestamp,
    type: typeof content === 'string' ? 'private' : content?.type,
    content: typeof content === 'string' ? '(closed box)' : rest(content)
  }
}

function rest (content) {
  if (typeof content?.text === 'string') return content.text
  const { type, ...others } = content ?? {}
  return others
}

function columnsOf (rows) {
  const names = new Set()
  for (const row of rows.slice(0, 100)) for (const name of Object.keys(row)) names.add(name)
  return [...names].slice(0, columnsMax)
}

const isNumber = (rows, name) => typeof rows[0]?.[name] === 'number' && !isTime(name, rows[0][name])
const isTime = (name, value) => typeof value === 'number' && /^(timestamp|ts|rts)$/.test(name)

function Cell ({ identity, name, value }) {
  if (value === undefined) return null
  if (isTime(name, value)) return html`<time title=${value}>${time(value)}</time>`
  if (isRef(value)) {
    return html`<a class="ref" href=${link(identity, 'messages', value)} title=${value}>${value.slice(0, 12)}…</a>`
  }
  const text = typeof value === 'string' ? value : json(value)
  if (text.length <= textMax) return html`<span class=${text.length > wideMin ? 'long' : ''}>${text}</span>`
  return html`<span class="long" title=${text.slice(0, 2000)}>${text.slice(0, textMax)}…</span>`
}

/** Whether a value is an id that the messages page can show. */
export const isRef = value => typeof value === 'string' && /^[@%&][A-Za-z0-9/+]{43}=\.[a-z0-9]+$/.test(value)
