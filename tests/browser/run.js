// node run.js BASE CHROMIUM [NAME]: runs the scenarios (or those whose name holds NAME) against a server, each in a page of
// its own, and prints a line for each. Exit code 1 when one failed.
import puppeteer from 'puppeteer-core'
import { scenarios } from './scenarios.js'
import { Steps } from './steps.js'

const [base, executablePath, only = ''] = process.argv.slice(2)
const patience = 60000
const browser = await puppeteer.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'], timeout: 30000 })
let failed = 0
for (const [name, scenario] of Object.entries(scenarios)) {
  if (!name.includes(only)) continue
  try {
    await run(scenario)
    console.log(`ok: ${name}`)
  } catch (error) {
    failed++
    console.log(`FAILED: ${name}: ${error.message}`)
  }
}
await browser.close()
process.exit(failed ? 1 : 0)

async function run (scenario) {
  const page = await browser.newPage()
  const complaints = []
  page.on('pageerror', error => complaints.push(error.message))
  page.on('console', line => { if (line.type() === 'error' && !/status of 40[0134]/.test(line.text())) complaints.push(line.text()) })
  let timer
  const late = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it took more than ${patience / 1000} s`)), patience)
  })
  try {
    await page.setViewport({ width: 1280, height: 800 })
    await Promise.race([scenario(new Steps(page, base)), late])
    if (complaints.length) throw new Error(`the browser complained: ${complaints.join('; ')}`)
  } finally {
    clearTimeout(timer)
    await page.close()
  }
}
