// One message as a card. Everything in it is a stranger's: it is shown as text, and led to by ids alone.
import { html, useState } from './html.js'
import { json, time } from './format.js'
import { link } from './route.js'
import { Avatar, nameOf, useAbout } from './names.js'
import { isRef } from './results.js'

const refs = /([@%&][A-Za-z0-9/+]{43}=\.(?:ed25519|sha256))/
const folded = 1200
const membersMax = 20

export function Message ({ identity, message, isTarget }) {
  const value = message.value ?? {}
  const [author, key] = [String(value.author), String(message.key)]
  const about = useAbout(identity, value.author)
  const [isRaw, setRaw] = useState(false)
  const isPrivate = message.meta?.private || message.private || value.private || typeof value.content === 'string'
  return html`
    <article class="message ${isTarget ? 'target' : ''}">
      <${Avatar} id=${value.author} about=${about} />
      <div>
        <header>
          <a class="author" href=${link(identity, 'messages', author)} title=${author}>
            ${nameOf(value.author, about)}</a>
          <a class="when" href=${link(identity, 'messages', key)} title=${key}>${time(value.timestamp)}</a>
          <small>#${String(value.sequence)}</small>
          ${isPrivate && html`<span class="tag">private</span>`}
          <button class="link" aria-pressed=${isRaw} onClick=${() => setRaw(!isRaw)}>JSON</button>
        </header>
        ${isRaw ? html`<pre class="json">${json(message, 2)}</pre>`
          : html`<${Content} identity=${identity} content=${value.content} />`}
      </div>
    </article>`
}

function Content ({ identity, content }) {
  if (typeof content === 'string') return html`<p class="hint">A box for somebody else.</p>`
  const { type, text, ...others } = content ?? {}
  const refsOf = Object.entries(others).filter(([, value]) => isRef(value) || isRef(value?.link))
  return html`
    ${type !== 'post' && html`<span class="tag">${String(type)}</span>`}
    ${typeof text === 'string' ? html`<${Text} identity=${identity} text=${text} />`
      : html`<${Members} identity=${identity} content=${others} />`}
    ${typeof content?.channel === 'string' && html`<span class="tag">#${content.channel}</span>`}
    ${typeof text === 'string' && refsOf.map(([name, value]) => html`
      <span class="relation">${name} <${Ref} identity=${identity} id=${isRef(value) ? value : value.link} /></span>`)}`
}

/** What an application stored, a line a value. */
function Members ({ identity, content }) {
  const members = flatten(content)
  return html`
    <dl class="members">${members.slice(0, membersMax).map(([name, value]) => html`
      <dt>${name}</dt><dd>${isRef(value) ? html`<${Ref} identity=${identity} id=${value} />`
        : String(value).slice(0, folded)}</dd>`)}
    </dl>${members.length > membersMax && html`<p class="hint">and ${members.length - membersMax} more: see JSON</p>`}`
}

function flatten (value, name = '', into = [], depth = 0) {
  if (into.length > membersMax * 4) return into
  if (value === null || typeof value !== 'object') into.push([name, value])
  else if (depth > 6) into.push([name, json(value)])
  else for (const key of Object.keys(value)) flatten(value[key], name ? `${name}.${key}` : key, into, depth + 1)
  return into
}

function Text ({ identity, text }) {
  const [isWhole, setWhole] = useState(text.length <= folded)
  const shown = isWhole ? text : text.slice(0, folded)
  return html`
    <p class="text">${shown.split(refs).map(part =>
        refs.test(part) ? html`<${Ref} identity=${identity} id=${part} />` : part)}
      ${!isWhole && html`… <button class="link" onClick=${() => setWhole(true)}>
        all ${text.length} characters</button>`}</p>`
}

export const Ref = ({ identity, id }) => html`
  <a class="ref" href=${link(identity, 'messages', id)} title=${id}>${id.slice(0, 12)}…</a>`
