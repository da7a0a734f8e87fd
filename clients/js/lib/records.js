'use strict'

const HEAD = 12

/**
 * The records of one buffer of flume.stream: each is its offset (8 bytes, big endian), the length of its payload (4 bytes), and
 * its payload. Length 0 is a record whose payload was not asked for. A record is never split between buffers.
 */
class BufferRecords {
  constructor (buffer) {
    this._buffer = buffer
    this._start = 0
    this._end = 0
    this.seq = -1
  }

  /** Goes to the next record; false after the last. */
  next () {
    const at = this._end
    if (at >= this._buffer.length) return false
    this.seq = this._buffer.readUInt32BE(at) * 0x100000000 + this._buffer.readUInt32BE(at + 4)
    this._start = at + HEAD
    this._end = this._start + this._buffer.readUInt32BE(at + 8)
    return true
  }

  /** The value of the record; JSON when there is no codec. */
  decode (codec) {
    if (codec && codec.buffer) return codec.decode(this._buffer.subarray(this._start, this._end))
    const text = this._buffer.toString('utf8', this._start, this._end)
    return codec ? codec.decode(text) : JSON.parse(text)
  }
}

/** One record as a line of the HTTP log: {offset, value}. */
class LineRecord {
  constructor (line) {
    this._line = line
    this._isRead = false
    this.seq = line.offset
  }

  next () {
    const isFirst = !this._isRead
    this._isRead = true
    return isFirst
  }

  decode () {
    return 'value' in this._line ? this._line.value : Buffer.from(this._line.base64, 'base64')
  }
}

module.exports = { BufferRecords, LineRecord }
