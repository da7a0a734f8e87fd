'use strict'

const assert = require('node:assert')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { test } = require('node:test')

const root = path.join(__dirname, '..')

test('the packed package has all that it needs, and is used from where npm puts it', (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'flume-pack-'))
  t.after(() => fs.rmSync(folder, { recursive: true }))
  const npm = (...args) => execFileSync('npm', args, {
    cwd: folder, encoding: 'utf8', env: { ...process.env, npm_config_cache: path.join(folder, 'cache'), npm_config_offline: 'true' }
  })
  const [packed] = JSON.parse(npm('pack', root, '--json'))
  const files = packed.files.map((file) => file.path)
  for (const needed of ['index.js', 'index.d.ts', 'register-view.js', 'README.md', 'lib/client.js', 'examples/names.js']) {
    assert.ok(files.includes(needed), `${needed} is packed`)
  }
  assert.deepStrictEqual(files.filter((file) => file.startsWith('test')), [])

  fs.writeFileSync(path.join(folder, 'package.json'), '{"name":"user","private":true}')
  npm('install', '--no-audit', '--no-fund', path.join(folder, packed.filename))
  const use = 'const f = require("flume-client"); console.log(Object.keys(f).sort().join()); f.connect({}).catch(e => console.log(e.code))'
  assert.strictEqual(execFileSync('node', ['-e', use], { cwd: folder, encoding: 'utf8' }), 'Client,FlumeError,connect,flumelog,registerView\nUSAGE\n')
  assert.strictEqual(execFileSync('node', ['--input-type=module', '-e', 'import { connect } from "flume-client"; console.log(typeof connect)'],
    { cwd: folder, encoding: 'utf8' }), 'function\n')
})
