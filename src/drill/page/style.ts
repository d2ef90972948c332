/** The look of the page, light and dark. */
export const style = `
:root { --ink: #1b2733; --dim: #5c6b7a; --paper: #fbfcfd; --rule: #dde4ea; --good: #17704a; --bad: #b3261e; --sea: #2f7fb5; --sky: #cfe4f2; --band: #f4dfb8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4eaf0; --dim: #93a3b3; --paper: #12181f; --rule: #2a3541; --good: #5fce9b; --bad: #ff8a80; --sea: #6db6e8; --sky: #1f3d54; --band: #4a3c1c; }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }
h1 { margin: 0 0 .5rem; font-size: 2.2rem; line-height: 1.15; letter-spacing: -.01em }
h2 { margin: 2rem 0 .5rem; font-size: 1.05rem }
.what { margin: 0; color: var(--dim) }
.kept { color: var(--good) } .broken { color: var(--bad) }
figure { margin: 1.5rem 0 } figcaption { color: var(--dim); font-size: .85rem }
svg { display: block; width: 100%; height: auto; font: 11px system-ui, sans-serif; fill: var(--ink) }
.grid { stroke: var(--rule); fill: none } .tick { fill: var(--dim); text-anchor: middle } .grid + .tick { text-anchor: end } .heading { font-weight: 600; font-size: 12px }
.band { fill: var(--band); opacity: .55 }
.area { fill: var(--sky); stroke: var(--sea); stroke-width: 1.5; fill-opacity: .7 }
.p50, .p99 { fill: none; stroke: var(--sea); stroke-width: 1.75; stroke-linejoin: round } .p99 { stroke-dasharray: 4 3; opacity: .85 }
.mark path { stroke: var(--bad); stroke-dasharray: 2 2 } .mark circle { fill: var(--bad) } .mark text { text-anchor: middle; fill: var(--paper); font-weight: 600; font-size: 10px }
.wide { overflow-x: auto; margin: 1.5rem 0 }
table { border-collapse: collapse; width: 100%; font-size: .875rem; font-variant-numeric: tabular-nums }
caption { text-align: left; font-weight: 600; font-size: 1.05rem; padding-bottom: .4rem }
th { text-align: left; color: var(--dim); font-weight: 500 } th, td { padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--rule); white-space: nowrap }
td.n { text-align: right }
li { overflow-wrap: anywhere } summary { cursor: pointer }
`
