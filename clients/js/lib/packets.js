'use strict'
// The packets of muxrpc: nine bytes of header, then a body.

const HEADER = 9
const STREAM = 8
const END = 4
const KIND = 3
const BYTES = 0
const TEXT = 1
const JSON_KIND = 2
const GOODBYE = Buffer.alloc(HEADER)

/** The bytes of one packet. A body without bytes would mean goodbye, so there is no packet for an empty buffer: null. */
function encode (request, { stream = false, end = false }, value) {
  const kind = Buffer.isBuffer(value) ? BYTES : typeof value === 'string' && value !== '' ? TEXT : JSON_KIND
  const body = kind === BYTES ? value : kind === TEXT ? Buffer.from(value) : Buffer.from(JSON.stringify(value))
  if (body.length === 0) return null
  const packet = Buffer.allocUnsafe(HEADER + body.length)
  packet[0] = (stream ? STREAM : 0) | (end ? END : 0) | kind
  packet.writeUInt32BE(body.length, 1)
  packet.writeInt32BE(request, 5)
  body.copy(packet, HEADER)
  return packet
}

/** Cuts bytes, however they arrive, into packets. */
class Decoder {
  constructor (onPacket) {
    this._onPacket = onPacket
    this._chunks = []
    this._length = 0
    this._needed = HEADER
  }

  push (chunk) {
    this._chunks.push(chunk)
    this._length += chunk.length
    if (this._length < this._needed) return
    let bytes = this._chunks.length === 1 ? chunk : Buffer.concat(this._chunks, this._length)
    this._needed = HEADER
    while (bytes.length >= HEADER) {
      const size = HEADER + bytes.readUInt32BE(1)
      if (bytes.length < size) {
        this._needed = size
        break
      }
      this._onPacket(parse(bytes, size))
      bytes = bytes.subarray(size)
    }
    this._chunks = bytes.length > 0 ? [bytes] : []
    this._length = bytes.length
  }
}

function parse (bytes, size) {
  if (size === HEADER) return { goodbye: true }
  const flags = bytes[0]
  const body = bytes.subarray(HEADER, size)
  const kind = flags & KIND
  return {
    goodbye: false,
    stream: (flags & STREAM) !== 0,
    end: (flags & END) !== 0,
    request: bytes.readInt32BE(5),
    value: kind === BYTES ? body : kind === TEXT ? body.toString() : JSON.parse(body.toString())
  }
}

/** The packet of a call. Its arguments are an array, or the JSON text of one. */
function encodeCall (request, path, args) {
  const text = typeof args === 'string' ? args : JSON.stringify(args)
  const body = Buffer.from(`{"name":${JSON.stringify(path)},"args":${text}}`)
  const packet = encode(request, {}, body)
  packet[0] = JSON_KIND
  return packet
}

module.exports = { Decoder, GOODBYE, encode, encodeCall }
