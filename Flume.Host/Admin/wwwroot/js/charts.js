// A line over the last minutes, drawn as SVG: no library is smaller than these lines.
import { html, useRef, useState } from './html.js'
import { short } from './format.js'

const width = 600
const height = 96

/** A chart of `points` ({ at, [of] }) over `span` seconds; `format` writes a value. */
export function Chart ({ title, points, of, format, span = 300, kind }) {
  const [hover, setHover] = useState(null)
  const plot = useRef()
  const now = points.at(-1)?.at ?? Date.now()
  const top = nice(Math.max(1, ...points.map(point => point[of])))
  const x = at => width - (now - at) / 1000 / span * width
  const y = value => height - 2 - value / top * (height - 8)
  const line = points.map((point, i) => `${i ? 'L' : 'M'}${x(point.at).toFixed(1)} ${y(point[of]).toFixed(1)}`).join('')
  const area = points.length > 1 ? `${line}L${width} ${height}L${x(points[0].at).toFixed(1)} ${height}Z` : ''
  const shown = hover ?? points.at(-1)
  const move = event => {
    const box = plot.current.getBoundingClientRect()
    const at = now - (1 - (event.clientX - box.left) / box.width) * span * 1000
    const isNearer = (point, best) => !best || Math.abs(point.at - at) < Math.abs(best.at - at)
    setHover(points.reduce((best, point) => isNearer(point, best) ? point : best, null))
  }
  return html`
    <figure class="chart ${kind}">
      <figcaption><span>${title}</span><strong>${shown ? format(shown[of]) : '–'}</strong>
        <small>${hover ? `${Math.round((now - hover.at) / 1000)} s ago` : ''}</small></figcaption>
      <div class="plot" ref=${plot} onPointerMove=${move} onPointerLeave=${() => setHover(null)}>
        <svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img"
          aria-label="${title}, last ${span / 60} minutes, now ${shown ? format(shown[of]) : 'unknown'}">
          <path class="grid" d="M0 ${y(top)}H${width}M0 ${y(top / 2)}H${width}M0 ${height - 1}H${width}" />
          <path class="area" d=${area} /><path class="line" d=${line} />
          ${hover && html`<path class="cross" d="M${x(hover.at)} 0V${height}" />`}
        </svg>
        <span class="axis top">${short(top)}</span>
      </div>
      <div class="times" aria-hidden="true"><span>${span / 60} min ago</span><span>now</span></div>
    </figure>`
}

/** The next larger of 1, 2, 5, 10, 20 …, so that the scale moves seldom. */
function nice (value) {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value)
}
