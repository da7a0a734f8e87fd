// The query console: map-filter-reduce or SQL, its plan, and its answers as a table or as JSON, once or live.
import { html, useEffect, useRef, useState } from './html.js'
import { count, seconds } from './format.js'
import { call, stream } from './api.js'
import { examples, methods, textOf } from './examples.js'
import { Plan } from './plan.js'
import { Results } from './results.js'
import { isSql, SqlHint, sqlOptions, sqlStart, Tabs } from './sql.js'

// So much is kept and drawn; a stream may be endless.
const keptMax = 2000
const kept = new Map()

export function Query ({ identity, input }) {
  const form = useForm(identity)
  const run = useRun()
  const { values, set } = form
  const sql = isSql(values)
  const parsed = sql ? parseSql(values.text) : parse(values.text)
  const start = () => parsed.query && run.start(identity.name, values, parsed.query)
  const explain = () => parsed.query && run.explain(identity.name, optionsOf(values, parsed.query))
  const keys = event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); start() }
    if (event.key === 'Escape') run.abort()
  }
  return html`
    <section class="card query" aria-label="Query" onKeyDown=${keys}>
      <header><h2>Query</h2>
        <${Tabs} sql=${sql} onChoose=${wanted => form.choose(wanted)} />
        ${!sql && html`<label>Example <select aria-label="Example" onChange=${event => form.take(examples[event.target.value])}>
          ${examples.map((each, i) => html`
            <option value=${i} selected=${each.name === values.example}>${each.name}</option>`)}
        </select></label>`}</header>
      <textarea ref=${input} spellcheck="false" rows=${Math.min(14, values.text.split('\n').length + 1)}
        value=${values.text} aria-label=${sql ? 'SQL statement' : 'Stages as JSON'} aria-invalid=${!parsed.query}
        onInput=${event => set({ text: event.target.value })}></textarea>
      ${parsed.error && html`<p class="bad">${parsed.error}</p>`}
      <div class="options">
        ${sql ? html`<${SqlHint} />` : html`<label>Method <select value=${values.method} onChange=${event => set({ method: event.target.value })}>
          ${Object.entries(methods).map(([name, does]) => html`<option value=${name} title=${does}>${name}</option>`)}
        </select></label>`}
        <label>Limit <input type="number" min="1" value=${values.limit}
          onInput=${event => set({ limit: event.target.value })} /></label>
        ${!sql && html`<label><input type="checkbox" checked=${values.reverse}
          onChange=${event => set({ reverse: event.target.checked })} /> Newest first</label>
        <label><input type="checkbox" checked=${values.live}
          onChange=${event => set({ live: event.target.checked })} /> Live</label>`}
        <span class="spring"></span>
        ${!sql && html`<button class="quiet" onClick=${explain} disabled=${!parsed.query || values.method !== 'query.read'}
          title=${values.method === 'query.read' ? '' : 'Only query.read explains'}>Explain</button>`}
        ${run.state.busy
          ? html`<button class="danger" onClick=${run.abort}>Stop</button>`
          : html`<button class="primary" onClick=${start} disabled=${!parsed.query}>Run <kbd>Ctrl Enter</kbd></button>`}
      </div>
    </section>
    ${run.state.refusal && html`<section class="card"><p class="bad" role="alert">${run.state.refusal}</p></section>`}
    ${run.state.plan && html`<${Plan} plan=${run.state.plan} onClose=${run.closePlan} />`}
    <${Outcome} identity=${identity} state=${run.state} />`
}

function Outcome ({ identity, state }) {
  if (state.error) return html`<section class="card"><p class="bad" role="alert">${state.error}</p></section>`
  if (!state.startedAt) return null
  const took = ((state.endedAt ?? Date.now()) - state.startedAt) / 1000
  const more = state.seen > state.rows.length ? `, ${count(state.rows.length)} shown` : ''
  return html`
    <${Results} identity=${identity.name} rows=${state.rows} status=${html`
      <span class=${state.busy ? 'busy' : ''}>${count(state.seen)} ${state.seen === 1 ? 'row' : 'rows'}${more}</span>
      <span>${state.busy ? (state.isLive ? 'live' : 'running') : seconds(took)}</span>
      ${state.since && html`<span>since ${count(Number(state.since))}</span>`}
      ${state.view && state.view !== 'live' && html`<span class="state ${state.view}">${state.view}</span>`}`} />`
}

function useForm (identity) {
  const initial = () => ({ ...fromExample(examples[0], identity), live: false })
  const [values, setValues] = useState(() => kept.get(identity.name) ?? initial())
  const put = next => { kept.set(identity.name, next); setValues(next) }
  return {
    values,
    set: changed => put({ ...values, ...changed }),
    choose: wantsSql => {
      if (wantsSql === isSql(values)) return
      put({ ...(values.other ?? (wantsSql ? sqlStart : initial())), other: { ...values, other: null } })
    },
    take: example => put({ ...values, ...fromExample(example, identity) })
  }
}

const fromExample = (example, identity) => ({
  example: example.name, text: textOf(example, identity), method: example.method, limit: example.limit,
  reverse: example.reverse ?? false
})

/** A live query goes on for ever: it has no limit, and no end to begin at. */
function optionsOf (values, query) {
  if (isSql(values)) return sqlOptions(values, query)
  if (values.live) return { query, live: true }
  const options = { query, reverse: values.reverse }
  return values.limit ? { ...options, limit: Number(values.limit) } : options
}

function useRun () {
  const [state, setState] = useState({ rows: [], seen: 0 })
  const stop = useRef(null)
  useEffect(() => () => stop.current?.abort(), [])
  const abort = () => stop.current?.abort()
  const start = async (identity, values, query) => {
    abort()
    const own = stop.current = new AbortController()
    const rows = []
    let seen = 0
    let isDrawing = false
    const update = changed => { if (stop.current === own) setState(now => ({ ...now, ...changed })) }
    const draw = () => { isDrawing = false; update({ rows: [...rows], seen }) }
    setState(() => ({ rows: [], seen: 0, busy: true, isLive: values.live, startedAt: Date.now() }))
    const onItem = item => {
      if (item?.sync === true) return
      seen++
      if (rows.length < keptMax) rows.push(item)
      else if (values.live) { rows.shift(); rows.push(item) }
      if (!isDrawing) { isDrawing = true; requestAnimationFrame(draw) }
    }
    const options = optionsOf(values, query)
    let error = null
    try {
      await stream(identity, values.method, [options], {
        signal: own.signal, onItem, onOpen: told => update({ since: told.since, view: told.state })
      })
    } catch (failure) {
      if (!own.signal.aborted) error = failure.message
    }
    update({ rows: [...rows], seen, busy: false, error, endedAt: Date.now() })
  }
  const explain = async (identity, options) => {
    try {
      const plan = await call(identity, 'query.explain', options)
      setState(now => ({ ...now, plan, refusal: null }))
    } catch (error) {
      setState(now => ({ ...now, plan: null, refusal: error.message }))
    }
  }
  return { state, start, abort, explain, closePlan: () => setState(now => ({ ...now, plan: null })) }
}

const parseSql = text => text.trim() ? { query: text } : { error: 'Type one SELECT statement.' }

function parse (text) {
  try {
    const query = JSON.parse(text)
    if (Array.isArray(query)) return { query }
    return { error: 'A query is a list of stages: [{"$filter": …}, {"$map": …}, {"$reduce": …}].' }
  } catch (error) {
    return { error: error.message }
  }
}
