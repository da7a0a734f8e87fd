'use strict'

const assert = require('node:assert')
const { test } = require('node:test')
const { createObservable } = require('../lib/observable')

test('a listener hears the value now and at every change, until it is removed', () => {
  const since = createObservable()
  const heard = []
  const remove = since((value) => heard.push(value))
  since.set(1).set(2)
  remove()
  since.set(3)
  assert.deepStrictEqual(heard, [1, 2])
  since((value) => heard.push(value))
  since((value) => heard.push(-value), false)
  assert.deepStrictEqual(heard, [1, 2, 3])
})

test('once hears one value', () => {
  const since = createObservable()
  const heard = []
  since.once((value) => heard.push(value))
  const remove = since.once((value) => heard.push(-value))
  remove()
  since.set(1).set(2)
  since.once((value) => heard.push(value))
  since.once((value) => heard.push(value), false)
  assert.deepStrictEqual(heard, [1, 2])
  since.set(5)
  assert.deepStrictEqual(heard, [1, 2, 5])
})

test('a listener that sets the value again is not overtaken by the old one', () => {
  const since = createObservable()
  const heard = []
  since((value) => { if (value === 1) since.set(2) })
  since((value) => heard.push(value))
  since.set(1)
  assert.deepStrictEqual(heard, [2])
})
