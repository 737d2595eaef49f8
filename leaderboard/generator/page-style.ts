/** The page's style sheet. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1b1f24; --quiet: #57606a; --paper: #ffffff; --band: #f6f8fa; --line: #d5dae0; --accent: #0b5cad;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --quiet: #9aa4af; --paper: #111418; --band: #1a1f25; --line: #343b44; --accent: #7db8f5; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
header, main, footer { max-width: 90rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 2.5rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .6rem; text-wrap: balance; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 3rem 0 .6rem; overflow-wrap: break-word; }
p { max-width: 46rem; margin: .6rem 0; overflow-wrap: break-word; }
a { color: var(--accent); }
a:focus-visible, button:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
nav ul { list-style: none; margin: .8rem 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; }
ul.notes { max-width: 46rem; padding-left: 1.2rem; color: var(--quiet); font-size: .9rem; }
ul.notes li { margin: .5rem 0; overflow-wrap: break-word; }
pre { background: var(--band); border: 1px solid var(--line); border-radius: 6px; padding: .8rem 1rem; overflow-x: auto; }
small { font-size: .78rem; color: var(--quiet); font-weight: 400; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: .83rem; font-variant-numeric: tabular-nums; }
caption > span { position: sticky; left: .8rem; display: inline-block; max-width: min(calc(100vw - 3.6rem), 60rem); overflow-wrap: anywhere; }
caption { text-align: left; padding: .6rem .8rem; color: var(--quiet); font-size: .85rem; border-bottom: 1px solid var(--line); }
th, td { padding: .4rem .42rem; text-align: right; vertical-align: top; white-space: nowrap; }
thead th { background: var(--band); font-weight: 600; vertical-align: bottom; border-bottom: 1px solid var(--line); }
thead th.dataset { text-align: center; border-bottom: 0; }
thead th > small, tbody td > small, tbody th > small { display: block; }
thead th.dataset > small { display: inline; }
tbody th { text-align: left; font-weight: 600; position: sticky; left: 0; z-index: 1; background: var(--paper); }
thead th[data-first][rowspan]:has(+ .dataset) { text-align: left; position: sticky; left: 0; z-index: 1; }
tbody tr:first-child > * { border-top: 1px solid var(--line); }
tbody:first-of-type tr:first-child > * { border-top: 0; }
tbody tr.published:not(:first-child) > * { color: var(--quiet); font-weight: 400; padding-top: 0; }
dl.cells { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .8rem; margin: .8rem 0; font-size: .85rem; color: var(--quiet); }
dl.cells dd { margin: 0; overflow-wrap: anywhere; }
.origin { color: var(--ink); }
.origin.re-run { color: var(--accent); }
thead button { all: unset; cursor: pointer; white-space: nowrap; }
thead button::after { content: "\\2195"; display: inline-block; width: .9em; text-align: right; color: var(--quiet); opacity: .6; }
th[aria-sort="ascending"] button::after { content: "\\2191"; color: var(--accent); opacity: 1; }
th[aria-sort="descending"] button::after { content: "\\2193"; color: var(--accent); opacity: 1; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .8rem 1.2rem; margin: 1rem 0; }
figure { margin: 0; }
figcaption { font-size: .85rem; font-weight: 600; }
svg { width: 100%; height: auto; display: block; }
svg line { stroke: var(--line); stroke-width: 1; }
svg text { fill: var(--quiet); font: 9px system-ui, sans-serif; }
svg polyline { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
svg .accuracy { stroke: var(--quiet); }
svg .skips { stroke: var(--accent); }
.key::before { content: ""; display: inline-block; width: 1.1em; border-top: 3px solid var(--quiet); vertical-align: middle; margin-right: .35em; }
.key.skips::before { border-color: var(--accent); }
footer { padding-top: 2rem; padding-bottom: 3rem; color: var(--quiet); font-size: .85rem; }
@media (max-width: 40rem) {
  header { padding-top: 1.5rem; }
  header, main, footer { padding-left: .8rem; padding-right: .8rem; }
  h1 { font-size: 1.4rem; }
  th, td { padding: .4rem .5rem; }
  .origin { display: block; }
  dl.cells { grid-template-columns: 1fr; }
  tbody th { white-space: normal; min-width: 7.5rem; max-width: 9rem; }
}
@media print { .scroll { overflow: visible; border: 0; } table { font-size: 7pt; } thead button::after { content: none; } }
`;
