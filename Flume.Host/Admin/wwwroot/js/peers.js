// The peers of an identity: connections and known addresses, asked for every two seconds, and what changes them.
import { html, useEffect, useState } from './html.js'
import { call, peers } from './api.js'
import { toast } from './dialogs.js'
import { brief, bytes, count, time } from './format.js'

const every = 2000

export function Peers ({ identity }) {
  const [list, setList] = useState(null)
  const [error, setError] = useState(null)
  const [address, setAddress] = useState('')
  const load = async () => {
    try {
      setList(await peers(identity.name))
      setError(null)
    } catch (problem) { setError(problem.message) }
  }
  const act = async (method, peer, done) => {
    try {
      const answer = await call(identity.name, method, peer)
      toast(answer === false ? `There is no such peer: ${peer}` : done)
    } catch (problem) { toast(problem.message) }
    await load()
  }
  useEffect(() => {
    load()
    const timer = setInterval(load, every)
    return () => clearInterval(timer)
  }, [identity.name])
  return html`
    <section class="card" aria-label="Peers">
      <h1>Peers</h1>
      <form onSubmit=${event => { event.preventDefault(); act('conn.connect', address, 'Connected') }}>
        <input value=${address} onInput=${event => setAddress(event.target.value)} required
          aria-label="Address of a peer" placeholder="net:HOST:PORT~shs:KEY" />
        <button>Connect</button>
      </form>
      ${error && html`<p class="bad" role="alert">${error}</p>`}
      ${list && list.length === 0 && html`<p class="hint">No connections and no known addresses. Set
        flume.replication.enabled = on to replicate.</p>`}
      ${list && list.length > 0 && html`<table>
        <thead><tr><th>Peer</th><th>State</th><th>Direction</th><th class="number">Feeds</th><th class="number">Behind</th>
          <th class="number">Received</th><th class="number">Sent</th><th class="wide">Last error</th>
          <th><span class="hidden">Commands</span></th></tr></thead>
        <tbody>${list.map(peer => html`<${Peer} key=${peer.address} peer=${peer} act=${act} />`)}</tbody>
      </table>`}
    </section>`
}

function Peer ({ peer, act }) {
  const isOpen = peer.state === 'connected'
  return html`
    <tr>
      <td data-label="Peer" title=${`${peer.key} ${peer.address}`}>${brief(peer.key)}</td>
      <td data-label="State" title=${peer.since ? time(peer.since) : undefined}>${peer.state}
        ${peer.mode ? html` <small>${peer.mode}</small>` : ''}${peer.blocked ? html` <span class="bad">blocked</span>` : ''}</td>
      <td data-label="Direction">${peer.direction} <small>${peer.transport}</small></td>
      <td class="number" data-label="Feeds">${isOpen ? count(peer.feeds) : ''}</td>
      <td class="number" data-label="Behind">${isOpen ? count(peer.messagesBehind) : ''}</td>
      <td class="number" data-label="Received">${isOpen ? bytes(peer.bytesReceived) : ''}</td>
      <td class="number" data-label="Sent">${isOpen ? bytes(peer.bytesSent) : ''}</td>
      <td class="wide" data-label="Last error">${peer.lastError ?? ''}</td>
      <td>${isOpen
        ? html`<button class="quiet" onClick=${() => act('conn.disconnect', peer.key, 'Disconnected')}>Disconnect</button>`
        : html`<button class="quiet" onClick=${() => act('conn.connect', peer.address, 'Connected')}>Connect</button>
            <button class="quiet" onClick=${() => act('conn.forget', peer.address, 'Forgotten')}>Forget</button>`}</td>
    </tr>`
}
