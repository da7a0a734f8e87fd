// Names and pictures of feeds, as this identity knows them; each is asked for once, a few at a time.
import { html, useEffect, useState } from './html.js'
import { blobUrl, call } from './api.js'
import { brief } from './format.js'
import { isRef } from './results.js'

const known = new Map()
const queue = []
let running = 0

export function useAbout (identity, id) {
  const [about, setAbout] = useState({})
  useEffect(() => {
    let isHere = true
    look(identity, id).then(found => { if (isHere) setAbout(found) })
    return () => { isHere = false }
  }, [identity, id])
  return about
}

function look (identity, id) {
  if (!isRef(id)) return Promise.resolve({})
  const key = `${identity} ${id}`
  if (!known.has(key)) known.set(key, enqueue(() => ask(identity, id)))
  return known.get(key)
}

async function ask (identity, id) {
  const value = key => call(identity, 'about.socialValue', { key, dest: id }).catch(() => null)
  const [name, image] = await Promise.all([value('name'), value('image')])
  return {
    name: typeof name === 'string' && name ? name.slice(0, 80) : undefined, picture: await picture(identity, image)
  }
}

async function picture (identity, image) {
  const id = typeof image === 'string' ? image : image?.link
  if (!isRef(id) || !await call(identity, 'blobs.has', id).catch(() => false)) return undefined
  return blobUrl(identity, id).catch(() => undefined)
}

// A page of a hundred authors must not be two hundred requests at once.
function enqueue (work) {
  return new Promise(resolve => {
    queue.push(() => work().catch(() => ({})).then(resolve))
    next()
  })
}

function next () {
  while (running < 6 && queue.length) {
    running++
    queue.shift()().finally(() => { running--; next() })
  }
}

/** A picture; or, when there is none here, a colour and a letter that are always the same for the same feed. */
export function Avatar ({ id, about, large }) {
  if (about.picture) return html`<img class="avatar ${large ? 'large' : ''}" src=${about.picture} alt="" />`
  const letter = (about.name ?? id?.slice?.(1) ?? '?')[0]
  let hue = 0
  for (const each of String(id)) hue = (hue * 31 + each.charCodeAt(0)) % 360
  const size = large ? 'large' : ''
  return html`<span class="avatar ${size}" aria-hidden="true" style=${{ '--hue': hue }}>${letter}</span>`
}

export const nameOf = (id, about) => about.name ?? brief(id)
