// The SQL side of the query console: one SELECT over the tables of the view "sql".
import { html } from './html.js'

const method = 'sql.query'

/** What the SQL tab begins with. */
export const sqlStart = {
  method, limit: 100, reverse: false, live: false,
  text: 'SELECT content_type, count(*) AS messages\nFROM messages_raw\nGROUP BY content_type\nORDER BY messages DESC'
}

export const isSql = values => values.method === method

export const sqlOptions = (values, sql) => values.limit ? { sql, limit: Number(values.limit) } : { sql }

export const Tabs = ({ sql, onChoose }) => html`
  <div class="switch" role="tablist">
    <button role="tab" aria-selected=${!sql} onClick=${() => onChoose(false)}>Stages</button>
    <button role="tab" aria-selected=${sql} onClick=${() => onChoose(true)}>SQL</button>
  </div>`

export const SqlHint = () => html`<span class="hint">Tables: messages, links, mentions, abouts, votes_raw, contacts_raw …</span>`
