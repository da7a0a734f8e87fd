// Numbers, sizes and times as people read them.
const units = ['B', 'kB', 'MB', 'GB', 'TB']
const grouped = new Intl.NumberFormat('en')
const clock = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

export const count = value => value == null ? '–' : grouped.format(Math.round(value))

export function bytes (value) {
  if (value == null) return '–'
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) { value /= 1000; unit++ }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

export function short (value) {
  if (value == null) return '–'
  if (value >= 1e6) return `${(value / 1e6).toFixed(value >= 1e7 ? 0 : 1)} M`
  if (value >= 1e4) return `${Math.round(value / 1e3)} k`
  return value >= 100 || Number.isInteger(value) ? count(value) : value.toFixed(1)
}

export const rate = value => value ? `${short(value)}/s` : ''

export function seconds (value) {
  if (value == null) return ''
  if (value < 10) return `${value.toFixed(1)} s`
  if (value < 120) return `${Math.round(value)} s`
  if (value < 7200) return `${Math.round(value / 60)} min`
  return value < 172800 ? `${Math.round(value / 3600)} h` : `${Math.round(value / 86400)} d`
}

export const percent = part => `${part >= 1 ? 100 : Math.min(99.9, part * 100).toFixed(part < 0.1 ? 1 : 0)} %`

/** A time from a message: any number, so any nonsense. */
export function time (value) {
  const date = new Date(value)
  return typeof value === 'number' && !Number.isNaN(date.getTime()) ? clock.format(date) : '–'
}

export const ago = date => `${seconds((Date.now() - date) / 1000)} ago`

/** An id's beginning, enough to recognize it. */
export const brief = id => typeof id === 'string' && id.length > 14 ? `${id.slice(0, 9)}…` : String(id)

/** JSON of what a stranger may have nested deeper than a browser can follow. */
export function json (value, indent) {
  try {
    return JSON.stringify(value, null, indent)
  } catch {
    return '(nested too deeply to be shown)'
  }
}
