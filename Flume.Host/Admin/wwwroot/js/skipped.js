// A drawer with the records that a view skipped: where, why, and what they hold.
import { html, useEffect, useRef, useState } from './html.js'
import { bytes, count } from './format.js'
import { skipped } from './api.js'

export function Skipped ({ identity, view, onClose }) {
  const [page, setPage] = useState({ records: [], next: null, busy: true, error: null })
  const panel = useRef()
  const load = async after => {
    setPage(now => ({ ...now, busy: true }))
    try {
      const more = await skipped(identity, view.name, after)
      setPage(now => ({ records: [...now.records, ...more.records], next: more.next, busy: false, error: null }))
    } catch (error) {
      setPage(now => ({ ...now, busy: false, error: error.message }))
    }
  }
  useEffect(() => { load(null); panel.current.focus() }, [])
  const isWhole = page.records.length >= view.skipped
  return html`
    <aside class="drawer" ref=${panel} tabindex="-1" aria-label="Records that ${view.name} skipped"
      onKeyDown=${event => { if (event.key === 'Escape') onClose() }}>
      <header><h2>Skipped by ${view.name} <small>${count(view.skipped)}</small></h2>
        <button class="icon" aria-label="Close" onClick=${onClose}>×</button></header>
      <p class="hint">These records are no messages, so the view has no rows for them. They stay in the log as they
        are.</p>
      <ol>${page.records.map(record => html`
        <li key=${record.offset}>
          <strong>${count(record.offset)}</strong> <small>${bytes(record.bytes)}</small> ${record.why}
          <pre>${record.text}${record.cut ? '\n…' : ''}</pre>
        </li>`)}</ol>
      ${page.error && html`<p class="bad">${page.error}</p>`}
      ${page.busy ? html`<p class="hint">Reading the log …</p>`
        : page.next != null && !isWhole && html`<button onClick=${() => load(page.next)}>Look further</button>`}
    </aside>`
}
