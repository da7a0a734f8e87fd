// What every scenario does with a page: wait with a deadline, click by what is written, read what is shown.
const patience = 15000

export class Steps {
  constructor (page, base) {
    this.page = page
    this.base = base
  }

  async open (hash = '') {
    await this.page.goto(`${this.base}/${hash}`, { waitUntil: 'load', timeout: patience })
    await this.until('the page is live', () => document.querySelector('.link-state.up'))
  }

  /** Waits until a function of the page answers something truthy; what it answered. */
  async until (what, test, ...args) {
    try {
      const handle = await this.page.waitForFunction(test, { timeout: patience, polling: 50 }, ...args)
      return await handle.jsonValue().catch(() => true)
    } catch (error) {
      const shown = await this.page.evaluate(() => document.body.innerText.slice(0, 1500))
      throw new Error(`waited in vain until ${what} (${error.message}). The page shows:\n${shown}`)
    }
  }

  /** Clicks the button or link whose name is just that. */
  async click (name) {
    await this.until(`there is '${name}' to click`, name => {
      const all = [...document.querySelectorAll('button, a, summary')]
      const found = all.findLast(each => (each.getAttribute('aria-label') ?? each.innerText.trim()) === name && !each.disabled)
      found?.click()
      return Boolean(found)
    }, name)
  }

  async type (selector, text) {
    await this.page.focus(selector)
    await this.page.evaluate(selector => document.querySelector(selector).select(), selector)
    await this.page.keyboard.type(text)
  }

  /** A view's state as its row shows it. */
  state (view, state) {
    return this.until(`${view} is ${state}`, (view, state) =>
      document.querySelector(`tr[data-view="${view}"][data-state="${state}"]`) && true, view, state)
  }

  shows (text) {
    return this.until(`'${text}' is shown`, text => document.body.innerText.includes(text), text)
  }
}

/** Fails with a sentence. */
export function expect (isSo, sentence) {
  if (!isSo) throw new Error(sentence)
}

/** Appends raw records to an identity. */
export async function append (base, identity, ...values) {
  const body = values.map(value => typeof value === 'string' ? value : JSON.stringify(value)).join('\n')
  const answer = await fetch(`${base}/v1/${identity}/log?durability=os`, { method: 'POST', body })
  expect(answer.ok, `appending to ${identity} answered ${answer.status}: ${await answer.text()}`)
}

export async function create (base, identity) {
  const answer = await fetch(`${base}/v1/identities/${identity}`, { method: 'POST' })
  expect(answer.ok, `making ${identity} answered ${answer.status}`)
}
