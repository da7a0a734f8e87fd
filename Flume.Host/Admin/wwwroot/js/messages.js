// The message browser: the newest, one message with its thread and backlinks, a feed, a blob, or a search.
import { html, useEffect, useState } from './html.js'
import { collect, message as getMessage, blobUrl, stream } from './api.js'
import { bytes, count } from './format.js'
import { go, link } from './route.js'
import { Message } from './message.js'
import { Avatar, nameOf, useAbout } from './names.js'
import { isRef } from './results.js'
import { Records } from './records.js'

const pageSize = 30

// In the place of an id or words: the records themselves, also those that are no messages.
const everything = '*'

export function Messages ({ identity, what, input }) {
  if (identity.kind === 'events') return html`<${Records} key=${identity.name} identity=${identity.name} />`
  return html`<${Feeds} identity=${identity} what=${what} input=${input} />`
}

function Feeds ({ identity, what, input }) {
  const [typed, setTyped] = useState(what)
  useEffect(() => setTyped(what), [what])
  const submit = event => { event.preventDefault(); go(identity.name, 'messages', typed.trim()) }
  const key = `${identity.name} ${what}`
  return html`
    <form class="search" role="search" onSubmit=${submit}>
      <input ref=${input} type="search" value=${typed} aria-label="Id or words" spellcheck="false"
        placeholder="%message, @feed, &blob, #channel, or words" onInput=${event => setTyped(event.target.value)} />
      <button class="primary">Show</button>
    </form>
    <p class="hint">${what === everything ? html`Every record of the log, whatever it is. <a href=${link(identity.name, 'messages')}>Messages alone</a>`
      : what === '' ? html`Messages alone. <a href=${link(identity.name, 'messages', everything)}>Every record of the log</a>` : null}</p>
    ${what === everything ? html`<${Records} key=${key} identity=${identity.name} />`
      : what === '' ? html`<${Feed} key=${key} identity=${identity.name} title="Newest" open=${newest(identity.name)} />`
      : isRef(what) && what[0] === '%' ? html`<${Thread} key=${key} identity=${identity.name} id=${what} />`
      : isRef(what) && what[0] === '@' ? html`<${Person} key=${key} identity=${identity.name} id=${what} />`
      : isRef(what) ? html`<${Blob} key=${key} identity=${identity.name} id=${what} />`
      : html`<${Feed} key=${key} identity=${identity.name} title=${what[0] === '#' ? what : `“${what}”`}
        open=${search(identity.name, what)} />`}`
}

// How to read a page of a list; `last` is the last message of the page before.
const newest = identity => last => collect(identity, 'createLogStream',
  { reverse: true, limit: pageSize, private: true, ...(last ? { lt: last.timestamp } : {}) })
const feed = (identity, id) => last => collect(identity, 'createUserStream',
  { id, reverse: true, limit: pageSize, private: true, ...(last ? { lt: last.value.sequence } : {}) })
const linking = (identity, dest) => last => last ? [] : collect(identity, 'backlinks.read',
  { query: [{ $filter: { dest } }], reverse: true, limit: 200 })
const search = (identity, words) => words[0] === '#' ? linking(identity, words)
  : last => last ? [] : collect(identity, 'search.query', { query: words, limit: 100 })

function Feed ({ identity, title, open, empty = 'Nothing here.' }) {
  const [page, setPage] = useState({ messages: [], busy: true, more: false })
  const load = async () => {
    setPage(now => ({ ...now, busy: true, error: null }))
    try {
      const more = (await open(page.messages.at(-1))).filter(each => each?.value)
      setPage(now => ({ messages: [...now.messages, ...more], busy: false, more: more.length === pageSize }))
    } catch (error) {
      setPage(now => ({ ...now, busy: false, error: error.message }))
    }
  }
  useEffect(() => { load() }, [])
  const isWhole = !page.more && page.messages.length > 0
  return html`
    <section class="card stream" aria-label=${title} aria-busy=${page.busy}>
      <header><h2>${title} ${isWhole && html`<small>${count(page.messages.length)}</small>`}</h2></header>
      ${page.messages.map(each => html`<${Message} key=${each.key} identity=${identity} message=${each} />`)}
      ${page.error ? html`<p class="bad">${page.error}</p>`
        : page.busy ? html`<p class="hint">Reading …</p>`
        : page.messages.length === 0 ? html`<p class="empty">${empty}</p>`
        : page.more && html`<button class="quiet more" onClick=${load}>More</button>`}
    </section>`
}

function Person ({ identity, id }) {
  const about = useAbout(identity, id)
  return html`
    <section class="card person"><${Avatar} id=${id} about=${about} large=${true} />
      <div><h1>${nameOf(id, about)}</h1><code>${id}</code></div></section>
    <${Feed} identity=${identity} title="Feed" open=${feed(identity, id)}
      empty="No message of this feed is in the log." />
    <${Feed} identity=${identity} title="Links to it" open=${linking(identity, id)} empty="Nothing links to it." />`
}

function Thread ({ identity, id }) {
  const [state, setState] = useState({ busy: true })
  useEffect(() => {
    read(identity, id).then(setState, error => setState({ error: error.message }))
  }, [])
  if (state.busy) return html`<section class="card"><p class="hint">Reading …</p></section>`
  const isThread = state.thread?.length > 1
  return html`
    ${state.error && html`<section class="card"><p class="bad">${state.error}</p></section>`}
    ${state.thread && html`<section class="card stream" aria-label="Thread">
      <header><h2>${isThread ? 'Thread' : 'Message'}
        ${isThread && html` <small>${count(state.thread.length)}</small>`}</h2></header>
      ${state.thread.map(each => html`
        <${Message} key=${each.key} identity=${identity} message=${each} isTarget=${isThread && each.key === id} />`)}
    </section>`}
    <${Feed} identity=${identity} title="Links to it" open=${linking(identity, id)} empty="Nothing links to it." />`
}

/** A message with all that share its root, in the order they claim to have been written. */
async function read (identity, id) {
  const target = await getMessage(identity, id)
  const root = isRef(target.value?.content?.root) ? target.value.content.root : id
  const found = new Map([[id, target]])
  if (root !== id) await getMessage(identity, root).then(first => found.set(root, first), () => {})
  await stream(identity, 'backlinks.read', [{ query: [{ $filter: { dest: root } }], limit: 500 }], {
    onItem: each => { if (each.value?.content?.root === root && !found.has(each.key)) found.set(each.key, each) }
  })
  const thread = [...found.values()].sort((a, b) =>
    (b.key === root) - (a.key === root) || a.value.timestamp - b.value.timestamp)
  return { thread }
}

function Blob ({ identity, id }) {
  const [blob, setBlob] = useState({ busy: true })
  useEffect(() => {
    let url
    blobUrl(identity, id).then(async made => {
      url = made
      const { type, size } = await (await fetch(made)).blob()
      setBlob({ url, type, size })
    }, error => setBlob({ error: error.message }))
    return () => url && URL.revokeObjectURL(url)
  }, [])
  return html`
    <section class="card blob"><h2>Blob</h2><code>${id}</code>
      ${blob.error ? html`<p class="hint">${blob.error}</p>` : blob.busy ? html`<p class="hint">Reading …</p>`
        : html`<p>${bytes(blob.size)} <small>${blob.type}</small></p>
          ${blob.type.startsWith('image/') ? html`<img src=${blob.url} alt="" />`
            : html`<a href=${blob.url} download="blob">Download</a>`}`}
    </section>
    <${Feed} identity=${identity} title="Links to it" open=${linking(identity, id)} empty="Nothing links to it." />`
}
