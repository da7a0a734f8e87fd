// The records of a log of plain events, the newest first.
import { html, useEffect, useState } from './html.js'
import { records } from './api.js'
import { json } from './format.js'

const pageSize = 30
const shownMax = 4096

export function Records ({ identity }) {
  const [page, setPage] = useState({ items: [], busy: true, more: false })
  const load = async () => {
    setPage(now => ({ ...now, busy: true, error: null }))
    try {
      const more = await records(identity, pageSize, page.items.at(-1)?.offset)
      setPage(now => ({ items: [...now.items, ...more], busy: false, more: more.length === pageSize }))
    } catch (error) {
      setPage(now => ({ ...now, busy: false, error: error.message }))
    }
  }
  useEffect(() => { load() }, [])
  return html`
    <section class="card stream" aria-label="Records" aria-busy=${page.busy}>
      <header><h2>Newest records</h2></header>
      ${page.items.map(each => html`<article class="message" key=${each.offset}>
        <div><header><small>offset ${String(each.offset)}</small></header>
          <pre class="json" tabindex="0">${text(each)}</pre></div></article>`)}
      ${page.error ? html`<p class="bad">${page.error}</p>`
        : page.busy ? html`<p class="hint">Reading …</p>`
        : page.items.length === 0 ? html`<p class="empty">The log has no records yet.</p>`
        : page.more && html`<button class="quiet more" onClick=${load}>More</button>`}
    </section>`
}

function text (record) {
  const whole = 'value' in record ? json(record.value, 2) : `not JSON, base64: ${record.base64}`
  return whole.length <= shownMax ? whole : `${whole.slice(0, shownMax)} …`
}
