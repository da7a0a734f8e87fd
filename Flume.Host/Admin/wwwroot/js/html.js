// Preact and htm under one roof. What is put into a template becomes text or an attribute, never markup: messages are
// strangers' words.
import { h, render } from '../vendor/preact.js'
import htm from '../vendor/htm.js'

export const html = htm.bind(h)
export { render }
export { useState, useEffect, useRef, useMemo, useCallback, useLayoutEffect } from '../vendor/preact-hooks.js'
