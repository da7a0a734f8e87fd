// Light, dark, or as the system has it; remembered in this browser.
const key = 'flume-theme'
const order = ['system', 'light', 'dark']

export const theme = () => localStorage.getItem(key) ?? 'system'

export function applyTheme (name = theme()) {
  if (name === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = name
}

export function nextTheme () {
  const name = order[(order.indexOf(theme()) + 1) % order.length]
  localStorage.setItem(key, name)
  applyTheme(name)
  return name
}
