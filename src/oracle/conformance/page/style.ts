import { Markup } from '../markup.ts';

/** The style sheet of the page. Colours are told apart by more than their hue: every count is also written. */
export const STYLE = new Markup(`
:root { color-scheme: light dark; --ink: #1d2127; --soft: #5b6470; --paper: #fff; --card: #f5f6f8; --line: #d8dce2;
  --good: #1f7a4d; --bad: #b3261e; --warn: #8a5a00; --idle: #6b7480; --link: #1f5fbf; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --soft: #a3abb6; --paper: #14171b; --card: #1d2228;
  --line: #363d46; --good: #4cc38a; --bad: #ff8a80; --warn: #e3b341; --idle: #98a2ae; --link: #82b1ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; padding: 1rem 1.25rem;
  border-radius: .5rem; background: var(--card); border-left: .5rem solid var(--shade); }
header div { flex: 1 1 14rem; }
header p, h1, h2, h3, h4 { margin: 0; }
.pass { --shade: var(--good); } .alarm { --shade: var(--bad); } .undecided { --shade: var(--warn); }
.verdict { font-size: 1.6rem; font-weight: 700; letter-spacing: .04em; color: var(--shade); }
h1 { font-size: 1.35rem; line-height: 1.25; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; } h4 { font: 600 .95rem/1.4 ui-monospace, monospace; }
small, .key, dt, footer, header p:last-child { color: var(--soft); } small { font-weight: 400; }
footer { margin: 2.5rem 0 1rem; font-size: .875rem; }
a { color: var(--link); }
section > dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0 0; }
section > dl dd { margin: 0; white-space: pre-wrap; } dt { font-size: .8rem; }
table { width: 100%; border-collapse: collapse; } th { text-align: left; font-size: .8rem; color: var(--soft); }
td, th { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: middle; }
td:nth-child(3) { width: 50%; } td.cases, th.cases { text-align: right; padding-right: 1rem; }
.state.good { color: var(--good); } .state.bad { color: var(--bad); font-weight: 600; }
.bar { display: flex; gap: 2px; font-size: .75rem; line-height: 1.35rem; font-variant-numeric: tabular-nums; }
.bar span { flex: 1 1 auto; min-width: 1.6em; padding: 0 .25em; text-align: center; color: var(--paper); border-radius: 2px; }
.key { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 0; font-size: .8rem; }
.key i { display: inline-block; width: .75em; height: .75em; margin-right: .35em; border-radius: 2px; }
.bar .good, i.good { background: var(--good); } .bar .bad, i.bad { background: var(--bad); }
.bar .worse, i.worse { background: repeating-linear-gradient(135deg, var(--bad) 0 5px, var(--warn) 5px 10px); }
.bar .tie, i.tie { background: var(--warn); } .bar .none, i.none { background: var(--idle); }
.bar .lost, i.lost { background: repeating-linear-gradient(135deg, var(--idle) 0 5px, var(--warn) 5px 10px); }
article { margin: 1rem 0; padding: 0 1rem 1rem; border: 1px solid var(--line); border-radius: .5rem; }
.cause { margin: .5rem 0; padding: .5rem .75rem; border-left: .25rem solid var(--warn); background: var(--card); }
.cause p { margin: 0; } .cause ul { margin: .25rem 0 0; padding-left: 1.25rem; font-size: .9rem; }
.failure { margin: .75rem 0; padding: .5rem 0 0; border-top: 1px solid var(--line); }
.divergence { margin: .5rem 0; } .divergence div { display: flex; gap: .5rem; } .divergence dt { flex: 0 0 4.5rem; }
.divergence dd { margin: 0; } .flags { margin: .5rem 0; padding-left: 1.25rem; font-size: .9rem; }
code, pre { font: .875rem/1.5 ui-monospace, monospace; }
pre { margin: .5rem 0; padding: .5rem .75rem; background: var(--card); border-radius: .25rem; white-space: pre-wrap; }
mark { padding: 0 .2em; border-radius: 2px; background: none; font-weight: 700; }
mark.good { color: var(--good); box-shadow: inset 0 0 0 1px; } mark.bad { color: var(--bad); box-shadow: inset 0 0 0 1px; }
summary { cursor: pointer; color: var(--link); }
figure { margin: 1rem 0; } figcaption { font-size: .9rem; } svg { display: block; width: 100%; height: auto; }
svg text { font-size: 11px; fill: var(--soft); } .axis { fill: none; stroke: var(--line); }
polyline { fill: none; stroke-width: 1.75; } polyline.good { stroke: var(--good); } polyline.bad { stroke: var(--bad); }
@media (max-width: 36rem) { td.cases, th.cases { display: none; } body { padding: .5rem; } article { padding: 0 .6rem .6rem; }
  .divergence div { display: block; } }
`);
