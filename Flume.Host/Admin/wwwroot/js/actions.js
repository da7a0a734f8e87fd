// What an operator makes from the page: an identity, a record or a message, a backup.
import { appendRecord, backUp, call, createIdentity } from './api.js'
import { bytes, count } from './format.js'
import { confirm, toast } from './dialogs.js'
import { go } from './route.js'

/** Asks for a name and a kind, and makes the identity. */
export async function makeIdentity () {
  const answer = await confirm({
    title: 'Make an identity', yes: 'Make it',
    fields: [{ name: 'name', label: 'Name', required: true, pattern: '[a-z0-9\\-]+', hint: 'Lower-case letters, digits and dashes.' },
      { name: 'kind', label: 'Kind', options: { events: 'events: any JSON, no key pair', ssb: 'ssb: a Scuttlebutt feed with a key pair' } }]
  })
  if (!answer) return
  await tell(async () => {
    const made = await createIdentity(answer.name.trim(), answer.kind)
    go(made.name, 'views')
    return `${made.name} was made.`
  })
}

/** Asks for a record of plain events, or for a post of a feed, and appends it. */
export async function append (identity) {
  const isFeed = identity.kind !== 'events'
  const answer = await confirm({
    title: isFeed ? `Publish as ${identity.name}` : `Append to ${identity.name}`, yes: isFeed ? 'Publish' : 'Append',
    text: isFeed ? 'A post is signed, and others that follow this feed will get it. It can’t be changed later.' : undefined,
    fields: [isFeed ? { name: 'text', label: 'Text', rows: 4, required: true }
      : { name: 'text', label: 'Record, as JSON', rows: 4, required: true, value: '{}' }]
  })
  if (!answer) return
  await tell(async () => {
    if (isFeed) return `Published ${(await call(identity.name, 'publish', { type: 'post', text: answer.text })).key}.`
    const { head } = await appendRecord(identity.name, answer.text)
    return `Appended at offset ${count(head)}.`
  })
}

/** Asks for a folder of the server's machine, and backs the identity up into it. */
export async function backUpIdentity (identity) {
  const answer = await confirm({
    title: `Back up ${identity.name}`, yes: 'Back up',
    text: 'The copy has the key pair: protect it like a key. Into an earlier backup only new bytes of the log are written.',
    fields: [{ name: 'to', label: 'Folder on the server’s machine', required: true, hint: 'An absolute path, such as /backup/me.' }]
  })
  if (!answer) return
  await tell(async () => {
    const report = await backUp(identity.name, answer.to.trim())
    return `Backed up: ${bytes(report.bytes)} of log, ${bytes(report.newBytes)} of it new.`
  })
}

async function tell (work) {
  try {
    toast(await work())
  } catch (error) {
    toast(error.message, 'bad')
  }
}
