// What an operator does with the page. The server serves the sample log as identity 'sample'.
import { readFileSync } from 'node:fs'
import { append, create, expect } from './steps.js'

const axeSource = readFileSync(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

const hostile = `<img src=x onerror="window.hacked=1"><script>window.hacked=2</script>`

/** What axe finds serious or critical on the page as it is. */
async function serious (page) {
  await page.evaluate(axeSource)
  return page.evaluate(async () => (await window.axe.run(document, { resultTypes: ['violations'] })).violations
    .filter(each => ['serious', 'critical'].includes(each.impact) || each.id === 'page-has-heading-one')
    .flatMap(each => each.nodes.slice(0, 4).map(node => `${each.id}: ${node.target.join(' ')}: ${node.failureSummary.split('\n')[1]?.trim()}`)))
}

export const scenarios = {
  async 'axe finds nothing serious at any tab, light and dark, wide and narrow' (steps) {
    const { page } = steps
    const found = []
    for (const theme of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }, { name: 'prefers-reduced-motion', value: 'reduce' }])
      for (const width of [1280, 400]) {
        await page.setViewport({ width, height: 800 })
        for (const [tab, ready] of [['views', 'tr[data-view=search]'], ['query', '.query textarea'], ['messages', '.message'], ['messages/*', '.record, main pre']]) {
          await steps.open(`#/sample/${tab}`)
          await steps.until(`${tab} is shown`, ready => document.querySelector(ready), ready)
          if (tab === 'query') {
            await steps.page.evaluate(() => [...document.querySelectorAll('button')].find(each => each.innerText.startsWith('Run')).click())
            await steps.until('rows are shown', () => document.querySelector('.results td'))
          }
          for (const each of await serious(page)) found.push(`${theme}, ${width} px, ${tab}: ${each}`)
        }
      }
    }
    expect(found.length === 0, `axe found:\n${found.join('\n')}`)
  },

  async 'at 400 px no row of a query is higher than a few lines, and the page does not scroll sideways' (steps) {
    await steps.page.setViewport({ width: 400, height: 800 })
    await steps.open('#/sample/query')
    await steps.page.select('select[aria-label=Example]', '0')
    await steps.page.evaluate(() => [...document.querySelectorAll('button')].find(each => each.innerText.startsWith('Run')).click())
    const highest = await steps.until('rows are shown', () =>
      Math.max(0, ...[...document.querySelectorAll('.results tbody tr')].map(row => row.getBoundingClientRect().height)))
    expect(highest < 160, `A row is ${highest} px high.`)
    const wide = await steps.page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide <= 400, `The page is ${wide} px wide.`)
  },

  async 'the first line says that all is well, and what is not' (steps) {
    await steps.open('#/sample/views')
    await steps.until('there is a verdict', () => /(All is well|Needs attention)/.test(document.querySelector('.verdict')?.innerText))
    const first = await steps.page.evaluate(() => document.querySelector('main').firstElementChild.className)
    expect(first.startsWith('verdict'), `The first thing is ${first}.`)
  },

  async 'an identity is made, gets a record, and is backed up' (steps) {
    const { page } = steps
    await steps.open('#/sample/views')
    await steps.click('Make an identity')
    await steps.type('dialog input[name=name]', 'zz-made')
    await steps.click('Make it')
    await steps.until('it is shown', () => document.querySelector('h1')?.innerText === 'zz-made')
    await steps.click('Append')
    await steps.type('dialog textarea', '{"made":"by hand"}')
    await page.evaluate(() => document.querySelector('dialog button.primary').click())
    await steps.shows('Appended at offset 0.')
    await steps.click('Back up')
    await steps.type('dialog input[name=to]', 'no-absolute-path')
    await page.evaluate(() => document.querySelector('dialog button.primary').click())
    await steps.until('the refusal is shown', () => document.querySelector('.toast.bad'))
  },

  async 'a record that is no message is shown among all records' (steps) {
    await create(steps.base, 'zz-odd')
    await append(steps.base, 'zz-odd', { temperature: 21 })
    await steps.open('#/zz-odd/messages')
    await steps.click('Every record of the log')
    await steps.shows('temperature')
  },

  async 'the page shows the identity, its log and its nine views' (steps) {
    await steps.open()
    await steps.shows('sample')
    await steps.until('nine views are live', () => document.querySelectorAll('tr[data-state="live"]').length === 9)
    await steps.shows('1,000')
  },

  async 'keys lead from tab to tab' (steps) {
    const { page } = steps
    await steps.open('#/sample/views')
    await page.keyboard.press('2')
    await steps.until('the query is shown', () => document.querySelector('.query textarea'))
    await page.keyboard.press('/')
    expect(await page.evaluate(() => document.activeElement.tagName) === 'TEXTAREA', 'The slash did not lead into the query.')
    await page.evaluate(() => document.activeElement.blur())
    await page.keyboard.press('3')
    await steps.until('messages are shown', () => document.querySelectorAll('.message').length > 5)
    await page.keyboard.press('?')
    await steps.until('the shortcuts are shown', () => document.querySelector('dialog[open] .keys'))
  },

  async 'a view is paused with a reason, and resumed' (steps) {
    await steps.open('#/sample/views')
    await steps.state('search', 'live')
    await steps.click('Pause search')
    await steps.type('dialog input[name=reason]', 'disk swap')
    await steps.click('Pause')
    await steps.state('search', 'paused')
    await steps.shows('disk swap')
    await steps.click('Resume search')
    await steps.click('Resume')
    await steps.state('search', 'live')
  },

  async 'a view is rebuilt, and a note says so' (steps) {
    await steps.open('#/sample/views')
    await steps.state('links', 'live')
    await steps.click('Rebuild links')
    await steps.click('Rebuild')
    await steps.shows('links is being rebuilt')
    await steps.state('links', 'live')
  },

  async 'every example answers, and the first ones explain themselves' (steps) {
    await steps.open('#/sample/query')
    const examples = await steps.until('there are examples', () =>
      document.querySelectorAll('select[aria-label=Example] option').length)
    for (let i = 0; i < examples; i++) {
      await steps.page.select('select[aria-label=Example]', String(i))
      await steps.page.focus('.query textarea')
      await steps.page.keyboard.down('Control')
      await steps.page.keyboard.press('Enter')
      await steps.page.keyboard.up('Control')
      const outcome = await steps.until(`example ${i} has answered`, () => {
        const error = document.querySelector('main .bad')
        const busy = [...document.querySelectorAll('button')].some(each => each.innerText === 'Stop')
        return error ? error.innerText : !busy && document.querySelector('.results .status') && 'answered'
      })
      expect(outcome === 'answered', `Example ${i} failed: ${outcome}`)
    }
    await steps.page.select('select[aria-label=Example]', '1')
    await steps.click('Explain')
    await steps.until('the plan names an index', () => /Index/.test(document.querySelector('.plan')?.innerText))
    await steps.click('JSON')
    await steps.until('the rows are JSON', () => document.querySelector('.results pre.json'))
  },

  async 'a live query shows what is appended until it is stopped' (steps) {
    await create(steps.base, 'live')
    await steps.open('#/live/query')
    await steps.until('the query is there', () => document.querySelector('.query textarea'))
    await steps.page.evaluate(() => [...document.querySelectorAll('.options label')].find(each => each.innerText.includes('Live')).querySelector('input').click())
    await steps.page.evaluate(() => [...document.querySelectorAll('button')].find(each => each.innerText.startsWith('Run')).click())
    await steps.until('it runs', () => [...document.querySelectorAll('button')].some(each => each.innerText === 'Stop'))
    await append(steps.base, 'live', message(1, { type: 'post', text: 'news of this moment' }))
    await steps.shows('news of this moment')
    await steps.click('Stop')
    await steps.until('it has stopped', () => ![...document.querySelectorAll('button')].some(each => each.innerText === 'Stop'))
  },

  async 'a statement in SQL is answered as a table, and a wrong one says where' (steps) {
    const views = await (await fetch(`${steps.base}/v1/sample/views`)).text()
    await steps.open('#/sample/query')
    await steps.click('SQL')
    await steps.until('the statement is there', () => /^SELECT/.test(document.querySelector('textarea[aria-label="SQL statement"]')?.value))
    const run = async () => {
      await steps.page.focus('.query textarea')
      await steps.page.keyboard.down('Control')
      await steps.page.keyboard.press('Enter')
      await steps.page.keyboard.up('Control')
    }
    await run()
    if (!/"sql"/.test(views)) return steps.until('the page says why', () => document.querySelector('main .bad'))
    await steps.until('types are counted', () => /vote/.test(document.querySelector('.results tbody')?.innerText))
    await steps.type('.query textarea', 'SELECT count(*) AS n FROM messages_raw')
    await run()
    await steps.until('all messages are counted', () => /1,?000/.test(document.querySelector('.results tbody')?.innerText))
    await steps.type('.query textarea', 'SELECT missing FROM keys')
    await run()
    await steps.shows('no such column: missing (byte 7 of the statement)')
    await steps.click('Stages')
    await steps.until('the stages are back', () => document.querySelector('textarea[aria-label="Stages as JSON"]'))
  },

  async 'what strangers wrote stays text' (steps) {
    await create(steps.base, 'evil')
    await append(steps.base, 'evil',
      message(1, { type: 'post', text: hostile, channel: hostile, root: hostile }),
      message(2, { type: hostile, [hostile]: { [hostile]: hostile, link: 'javascript:window.hacked=3' } }),
      message(3, hostile), message(4, { type: 'post', text: 5, root: [], nested: deep(60) }),
      { ...message(5, { type: 'post', text: 'a' }), timestamp: hostile }, message(6, null),
      { key: '%x', value: { author: { a: hostile }, sequence: hostile, timestamp: {}, content: { type: [], text: hostile } }, timestamp: 1 })
    await steps.open('#/evil/messages')
    await steps.shows('window.hacked')
    for (const button of await steps.page.$$('.message header .link')) await button.evaluate(each => each.click())
    await steps.page.evaluate(() => { location.hash = '#/evil/query' })
    await steps.until('the query is there', () => document.querySelector('.query textarea'))
    await steps.page.evaluate(() => [...document.querySelectorAll('button')].find(each => each.innerText.startsWith('Run')).click())
    await steps.until('rows are there', () => document.querySelector('.results tbody tr'))
    const found = await steps.page.evaluate(() => ({
      hacked: window.hacked, scripts: document.querySelectorAll('body script').length, images: document.querySelectorAll('img[src=x]').length,
      links: [...document.querySelectorAll('a')].filter(each => each.protocol === 'javascript:').length
    }))
    expect(found.hacked === undefined, `A stranger's script ran: ${found.hacked}.`)
    expect(found.scripts + found.images + found.links === 0, `A stranger's markup is in the page: ${JSON.stringify(found)}.`)
  },

  async 'a message leads to its thread and back to its author' (steps) {
    await steps.open('#/sample/messages')
    await steps.until('messages are shown', () => document.querySelectorAll('.message').length > 5)
    await steps.page.evaluate(() => document.querySelector('.message .when').click())
    await steps.shows('Links to it')
    await steps.page.evaluate(() => document.querySelector('.message .author').click())
    await steps.until('the feed is shown', () => document.querySelector('.person code')?.innerText.startsWith('@'))
    await steps.type('input[aria-label="Id or words"]', 'lorem')
    await steps.page.keyboard.press('Enter')
    await steps.until('the search has answered', () => document.querySelectorAll('.stream .message').length > 0)
  },

  async 'skipped records are listed with the reason' (steps) {
    await steps.open('#/unreadable/views')
    await steps.until('two are skipped', () => document.querySelector('tr[data-view=feeds] button.link')?.innerText === '2')
    await steps.page.evaluate(() => document.querySelector('tr[data-view=feeds] button.link').click())
    await steps.shows('Its bytes are not JSON.')
    await steps.shows('not json')
    await steps.page.keyboard.press('Escape')
    await steps.until('the drawer is closed', () => !document.querySelector('.drawer'))
  },

  async 'a server that asks for a token gets one, and keeps it for the tab' (steps) {
    const token = process.env.FLUME_TOKEN
    if (!token) return
    await steps.page.goto(steps.base, { waitUntil: 'load' })
    await steps.until('a token is asked for', () => document.querySelector('dialog[open] input[type=password]'))
    await steps.page.keyboard.type('this-is-not-the-token-at-all-really')
    await steps.page.keyboard.press('Enter')
    await steps.until('it is asked for again', () => /does not know/.test(document.querySelector('dialog[open]')?.innerText))
    await steps.page.keyboard.type(token)
    await steps.page.keyboard.press('Enter')
    await steps.until('the page is live', () => document.querySelector('.link-state.up'))
    await steps.page.reload({ waitUntil: 'load' })
    await steps.until('it is live again without asking', () => document.querySelector('.link-state.up') && !document.querySelector('dialog[open]'))
    await steps.state('search', 'live')
    await steps.click('Rebuild search')
    await steps.click('Rebuild')
    await steps.shows('does not allow')
  },

  async 'a narrow screen needs no sideways scrolling, in either light' (steps) {
    await steps.page.setViewport({ width: 380, height: 780 })
    for (const theme of ['light', 'dark']) {
      await steps.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
      for (const tab of ['views', 'query', 'messages', 'peers']) {
        await steps.open(`#/sample/${tab}`)
        await steps.until(`${tab} is drawn`, () => document.querySelector('.card'))
        const width = await steps.page.evaluate(() => document.scrollingElement.scrollWidth)
        expect(width <= 380, `${tab} is ${width} pixels wide on a screen of 380.`)
      }
    }
  }
}

const author = `@${'A'.repeat(43)}=.ed25519`
const message = (number, content) => ({
  key: `%${String(number).padStart(43, 'B')}=.sha256`,
  value: { previous: null, sequence: number, author, timestamp: Date.now(), hash: 'sha256', content, signature: 'none' },
  timestamp: Date.now() + number
})
const deep = levels => levels ? { in: deep(levels - 1) } : 'ground'
