// What the page asks and tells: confirmations, the token, the shortcuts, and notes about what became of a command.
import { html, useEffect, useRef, useState } from './html.js'

let show = () => {}
let note = () => {}

/** Asks before a command; resolves to the form's values, or null. `fields`: [{ name, label, type | options | rows, hint }]. */
export const confirm = question => new Promise(resolve => show({ ...question, resolve }))

/** Tells in a corner what happened. */
export const toast = (text, kind = 'ok') => note({ text, kind, id: Math.random() })

export function Dialogs () {
  const [question, setQuestion] = useState(null)
  show = setQuestion
  const dialog = useRef()
  useEffect(() => { if (question) dialog.current.showModal() }, [question])
  if (!question) return null
  const close = answer => {
    dialog.current.close()
    setQuestion(null)
    question.resolve(answer)
  }
  const submit = event => {
    event.preventDefault()
    close(Object.fromEntries(new FormData(event.target)))
  }
  return html`
    <dialog ref=${dialog} aria-labelledby="dialog-title" onCancel=${event => { event.preventDefault(); close(null) }}>
      <form onSubmit=${submit}>
        <h2 id="dialog-title">${question.title}</h2>
        ${question.text && html`<p>${question.text}</p>`}
        ${question.children}
        ${(question.fields ?? []).map((field, i) => html`
          <label class="field">${field.label}
            <${Field} field=${field} isFirst=${i === 0} />
            ${field.hint && html`<small>${field.hint}</small>`}
          </label>`)}
        <footer>
          ${question.cancel !== false && html`<button type="button" class="quiet" onClick=${() => close(null)}>
            ${question.no ?? 'Cancel'}</button>`}
          <button class=${question.danger ? 'danger' : 'primary'} autofocus=${!question.fields}>${question.yes}</button>
        </footer>
      </form>
    </dialog>`
}

function Field ({ field, isFirst }) {
  const { name, required } = field
  if (field.options) {
    return html`<select name=${name}>${Object.entries(field.options).map(([value, text]) => html`<option value=${value}>${text}</option>`)}</select>`
  }
  if (field.rows) return html`<textarea name=${name} rows=${field.rows} required=${required} autofocus=${isFirst}>${field.value ?? ''}</textarea>`
  return html`<input name=${name} type=${field.type ?? 'text'} autocomplete="off" required=${required} pattern=${field.pattern}
    autofocus=${isFirst} />`
}

export function Toasts () {
  const [notes, setNotes] = useState([])
  const drop = id => setNotes(now => now.filter(each => each.id !== id))
  note = added => {
    setNotes(now => [...now.slice(-3), added])
    setTimeout(() => drop(added.id), added.kind === 'ok' ? 5000 : 12000)
  }
  return html`
    <div class="toasts" role="status" aria-live="polite">
      ${notes.map(each => html`
        <div key=${each.id} class="toast ${each.kind}"><span>${each.text}</span>
          <button class="icon" aria-label="Dismiss" onClick=${() => drop(each.id)}>×</button></div>`)}
    </div>`
}

/** Asks for a token; never gives up, since nothing can be shown without one. */
export async function askForToken (problem) {
  for (;;) {
    const answer = await confirm({
      title: 'This server asks for a token',
      text: `${problem.message} It is kept in this tab only, until the tab is closed.`,
      fields: [{ name: 'token', label: 'Token', type: 'password', required: true }],
      yes: 'Sign in',
      cancel: false
    })
    if (answer?.token) return answer.token.trim()
  }
}

const shortcuts = [
  ['1 2 3', 'Views, Query, Messages'], ['j k', 'Next and previous identity'], ['/', 'To the query or the search field'],
  ['Ctrl Enter', 'Run the query'], ['Esc', 'Stop a query, close what is open'], ['t', 'Light, dark, as the system'],
  ['?', 'These shortcuts']
]

export const showShortcuts = () => confirm({
  title: 'Keyboard',
  cancel: false,
  yes: 'Close',
  children: html`<dl class="keys">${shortcuts.map(([keys, does]) => html`
    <dt>${keys.split(' ').map(key => html`<kbd>${key}</kbd> `)}</dt><dd>${does}</dd>`)}</dl>`
})
