// The page: the bar, the identities, and one of four tabs for the identity chosen.
import { html, render, useEffect, useRef, useState } from './html.js'
import { onTokenNeeded } from './api.js'
import { askForToken, Dialogs, showShortcuts, toast, Toasts } from './dialogs.js'
import { useStatus, watch } from './events.js'
import { ago, bytes } from './format.js'
import { Identities } from './identities.js'
import { Log } from './log.js'
import { Messages } from './messages.js'
import { Peers } from './peers.js'
import { Query } from './query.js'
import { go, link, tabs, useRoute } from './route.js'
import { applyTheme, nextTheme, theme } from './theme.js'
import { Verdict } from './verdict.js'
import { Views } from './views.js'

const titles = { views: 'Views', query: 'Query', messages: 'Messages', peers: 'Peers' }

function App () {
  const status = useStatus()
  const route = useRoute()
  const input = useRef()
  const names = [...status.identities.keys()].sort()
  const name = route.identity || names[0] || ''
  const identity = status.identities.get(name)
  useEffect(() => watch(name || undefined), [name])
  useEffect(() => { document.title = name ? `${name} · Flume` : 'Flume' }, [name])
  useKeys({ names, name, tab: route.tab, input })
  return html`
    <${Bar} status=${status} />
    <div class="frame">
      <${Identities} identities=${status.identities} selected=${name} tab=${route.tab} connected=${status.connected} />
      <main>
        <${Verdict} status=${status} />
        ${identity && html`<nav class="tabs" aria-label="What to show">${tabs.map((tab, i) => html`
          <a href=${link(name, tab)} aria-current=${tab === route.tab ? 'page' : undefined}
            aria-keyshortcuts=${i + 1}>${titles[tab]}</a>`)}</nav>`}
        <${Content} status=${status} name=${name} identity=${identity} route=${route} input=${input} />
      </main>
    </div>
    <${Dialogs} /><${Toasts} />`
}

function Content ({ status, name, identity, route, input }) {
  if (!identity) return html`<p class="empty card">${nothing(status, name)}</p>`
  if (identity.error) {
    return html`<section class="card"><h1>${name}</h1><p class="bad" role="alert">${identity.error}</p></section>`
  }
  if (route.tab === 'query') {
    return html`<h1 class="hidden">Query of ${name}</h1><${Query} key=${name} identity=${identity} input=${input} />`
  }
  if (route.tab === 'peers') {
    return html`<h1 class="hidden">Peers of ${name}</h1><${Peers} key=${name} identity=${identity} />`
  }
  if (route.tab === 'messages') {
    return html`<h1 class="hidden">Messages of ${name}</h1>
      <${Messages} identity=${identity} what=${route.rest} input=${input} />`
  }
  return html`
    ${identity.open && html`<${Log} identity=${identity} points=${status.history.get(name) ?? []} />`}
    <${Views} identity=${identity} views=${status.views} open=${route.rest}
      onOpen=${view => go(name, 'views', view)} />`
}

function nothing (status, name) {
  if (!status.connected) return status.error ?? 'Asking the server …'
  return name ? `There is no identity '${name}'.` : 'No identities yet.'
}

function Bar ({ status }) {
  const [shown, setShown] = useState(theme())
  const server = status.server
  return html`
    <header class="bar-top">
      <a class="brand" href="#/"><img src="/assets/icon.svg" alt="" width="22" height="22" />Flume</a>
      <span class="link-state ${status.connected ? 'up' : 'down'}" role="status">
        ${status.connected ? 'connected' : 'not connected'}</span>
      <span class="spring"></span>
      ${server && html`<span class="facts-line">
        <span>${server.version} <small>${server.packages}</small></span>
        <span>up ${ago(Date.parse(server.startedAt)).replace(' ago', '')}</span>
        <span>${bytes(server.memoryBytes)} memory</span>
        <span>${server.streams} streams</span></span>`}
      <button class="quiet" aria-keyshortcuts="t" title="Light, dark, or as the system has it"
        onClick=${() => setShown(nextTheme())}>◐ ${shown}</button>
      <button class="quiet" aria-label="Keyboard shortcuts" onClick=${showShortcuts}>?</button>
    </header>`
}

function useKeys ({ names, name, tab, input }) {
  useEffect(() => {
    const pressed = event => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
      if (event.target.closest('input, textarea, select')) return
      const step = { j: 1, k: -1 }[event.key]
      if (step && names.length) go(names[(names.indexOf(name) + step + names.length) % names.length], tab)
      else if (tabs[event.key - 1]) go(name, tabs[event.key - 1])
      else if (event.key === '/' && input.current) { event.preventDefault(); input.current.focus() }
      else if (event.key === 't') toast(`Colours: ${nextTheme()}`)
      else if (event.key === '?') showShortcuts()
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  })
}

applyTheme()
onTokenNeeded(askForToken)
const app = document.getElementById('app')
app.replaceChildren()
render(html`<${App} />`, app)
