// Where the page is: #/IDENTITY/TAB/REST, so that reload, back and a pasted address lead to the same place.
import { useEffect, useState } from './html.js'

export const tabs = ['views', 'query', 'messages', 'peers']

export function parse (hash) {
  const [identity = '', tab = '', ...rest] = hash.replace(/^#\//, '').split('/').map(safeDecode)
  return { identity, tab: tabs.includes(tab) ? tab : 'views', rest: rest.join('/') }
}

export const link = (identity, tab, rest = '') =>
  `#/${encodeURIComponent(identity)}/${tab}` + (rest && `/${encodeURIComponent(rest)}`)

export function go (identity, tab, rest) { location.hash = link(identity, tab, rest) }

export function useRoute () {
  const [route, setRoute] = useState(() => parse(location.hash))
  useEffect(() => {
    const changed = () => setRoute(parse(location.hash))
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  return route
}

function safeDecode (part) {
  try { return decodeURIComponent(part) } catch { return part }
}
