#!/usr/bin/env node
'use strict'
// What shs1-test runs as "the implementation": hands standard input and output, behind a line with the arguments, to the
// unix socket FLUME_SHS1_SOCKET, where the C# test plays the part. Ends with 0 only when a whole part was played.

const net = require('net')

const args = process.argv.slice(2)
const isServer = args.length === 3
// Two messages of each side and four keys and nonces, as far as this side writes them.
const whole = isServer ? 64 + 80 + 112 : 64 + 112 + 112
let written = 0

const socket = net.connect(process.env.FLUME_SHS1_SOCKET)
socket.write(args.join(' ') + '\n')
process.stdin.pipe(socket)
socket.on('data', (bytes) => {
  written += bytes.length
  process.stdout.write(bytes)
})
socket.on('error', () => process.exit(2))
socket.on('close', () => process.exit(written === whole ? 0 : 1))
