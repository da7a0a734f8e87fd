'use strict'

const { spawn } = require('child_process')

/** A Flume of its own over a data directory; it can be killed and started again. */
class Service {
  constructor (program, data) {
    this._program = program
    this._data = data
  }

  async start () {
    const args = ['serve', '--data', this._data, '--empty', '--http', '127.0.0.1:0', '--muxrpc', 'off', '--json']
    this._process = spawn(this._program, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    this._ended = new Promise((resolve) => this._process.once('exit', resolve))
    const line = await new Promise((resolve, reject) => {
      this._process.stdout.once('data', resolve)
      this._process.once('exit', (code) => reject(new Error(`flume ended with ${code} before it answered`)))
    })
    this.http = JSON.parse(line).address
  }

  async make (identity) {
    const answer = await fetch(new URL(`/v1/identities/${identity}`, this.http), { method: 'POST' })
    if (!answer.ok) throw new Error(await answer.text())
  }

  /** As a crash: it gets no chance to do anything. */
  async kill () {
    this._process.kill('SIGKILL')
    await this._ended
  }

  async stop () {
    this._process.kill('SIGTERM')
    await this._ended
  }
}

module.exports = { Service }
