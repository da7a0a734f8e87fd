// Calls to the server: documents, streams of JSON lines, server-sent events. One place knows the token.
const tokenKey = 'flume-token'
let askForToken = () => Promise.reject(new Error('nobody can be asked for a token'))
let asking = null

/** Says how a token is asked for: a function that resolves with one. */
export function onTokenNeeded (ask) { askForToken = ask }

/** What the server answered instead of what was asked for. */
export class Problem extends Error {
  constructor (document, status) {
    super(document.detail || document.title || `HTTP ${status}`)
    this.document = document
    this.status = status
  }
}

/** A response; its status is a success. Asks for a token when the server wants one, and tries again. */
export async function send (path, options = {}) {
  for (;;) {
    const response = await fetch(path, { ...options, headers: withToken(options.headers), cache: 'no-store' })
    if (response.ok) return response
    const problem = await readProblem(response)
    if (response.status !== 401) throw problem
    asking ??= askForToken(problem).finally(() => { asking = null })
    sessionStorage.setItem(tokenKey, await asking)
  }
}

export const getJson = async (path, signal) => (await send(path, { signal })).json()

export const post = async (path, body, signal) => (await send(path, {
  method: 'POST', signal, body: body === undefined ? undefined : JSON.stringify(body),
  headers: body === undefined ? {} : { 'Content-Type': 'application/json' }
}))

const base = identity => `/v1/${encodeURIComponent(identity)}`

/** The answer of an API method that answers once; undefined when it answers nothing. */
export async function call (identity, method, ...args) {
  const response = await post(`${base(identity)}/rpc`, { name: method.split('.'), args })
  return response.status === 204 ? undefined : response.json()
}

/**
 * Reads an API method that streams: `onOpen` is told what the answer is worth, `onItem` gets each item, and the promise
 * ends with the stream.
 */
export async function stream (identity, method, args, { signal, onItem, onOpen = () => {} }) {
  const response = await post(`${base(identity)}/rpc`, { name: method.split('.'), args }, signal)
  onOpen({ since: response.headers.get('Flume-Since'), state: response.headers.get('Flume-State') })
  for await (const line of lines(response.body)) {
    if (line === '') continue
    const item = JSON.parse(line)
    if (item !== null && typeof item === 'object' && item.$error) throw new Problem(item.$error, item.$error.status)
    onItem(item)
  }
}

/** All items of a stream. */
export async function collect (identity, method, ...args) {
  const items = []
  await stream(identity, method, args, { onItem: item => items.push(item) })
  return items
}

/** Gives a command to views; resolves to the outcome of each. */
export async function command (identity, view, verb, parameters = {}) {
  const query = new URLSearchParams(parameters).toString()
  const place = view ? `/views/${encodeURIComponent(view)}/${verb}` : `/views/${verb}`
  return (await post(base(identity) + place + (query && `?${query}`))).json()
}

/** Makes an identity of a kind; resolves to it. */
export const createIdentity = async (name, kind) =>
  (await post(`/v1/identities/${encodeURIComponent(name)}?kind=${encodeURIComponent(kind)}`)).json()

/** Appends one record, given as JSON text. */
export const appendRecord = async (identity, text) => (await send(`${base(identity)}/log`, {
  method: 'POST', body: text, headers: { 'Content-Type': 'application/json' }
})).json()

/** Backs an identity up into a folder of the server's machine; resolves to the report. */
export async function backUp (identity, folder) {
  const response = await post(`${base(identity)}/backup?to=${encodeURIComponent(folder)}`)
  let report
  for await (const line of lines(response.body)) {
    if (line === '') continue
    const item = JSON.parse(line)
    if (item.$error) throw new Problem(item.$error, item.$error.status)
    if (!item.progress) report = item
  }
  return report
}

/** Makes a log that refuses appends try again at once. */
export const reopen = async identity => (await post(`${base(identity)}/log/reopen`)).json()

/** The newest records of a log, behind none or before an offset: {offset, value}, or {offset, base64} for no JSON. */
export async function records (identity, limit, before) {
  const bound = before == null ? '' : `&lt=${before}`
  const response = await send(`${base(identity)}/log?reverse=true&limit=${limit}${bound}`)
  const items = []
  for await (const line of lines(response.body)) if (line !== '') items.push(JSON.parse(line))
  return items
}

/** Connections and known addresses. */
export const peers = async identity => (await getJson(`${base(identity)}/peers`)).peers

export const message = (identity, key) =>
  getJson(`${base(identity)}/messages/${encodeURIComponent(key)}?private=true`)

export function skipped (identity, view, after) {
  const behind = after == null ? '' : `&after=${after}`
  return getJson(`${base(identity)}/views/${encodeURIComponent(view)}/skipped?limit=50${behind}`)
}

/** A blob as an address that an image can show; the caller revokes it. */
export async function blobUrl (identity, id) {
  const response = await send(`${base(identity)}/blobs/${encodeURIComponent(id)}`)
  return URL.createObjectURL(await response.blob())
}

/** Listens to server-sent events until aborted or cut: `onEvent(name, data)`. */
export async function events (path, { signal, onEvent }) {
  const response = await send(path, { signal, headers: { Accept: 'text/event-stream' } })
  let name = 'message'
  for await (const line of lines(response.body)) {
    if (line.startsWith('event: ')) name = line.slice(7)
    else if (line.startsWith('data: ')) onEvent(name, JSON.parse(line.slice(6)))
  }
}

function withToken (headers = {}) {
  const token = sessionStorage.getItem(tokenKey)
  return token ? { ...headers, Authorization: `Bearer ${token}` } : headers
}

async function readProblem (response) {
  try {
    return new Problem(await response.json(), response.status)
  } catch {
    return new Problem({ title: `The server answered ${response.status}` }, response.status)
  }
}

async function * lines (body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    const parts = (rest + value).split('\n')
    rest = parts.pop()
    yield * parts
  }
  if (rest) yield rest
}
