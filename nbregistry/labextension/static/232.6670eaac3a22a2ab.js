"use strict";(self.rspackChunknbregistry=self.rspackChunknbregistry||[]).push([[232],{475(r,n,e){var o=e(601),t=e.n(o),a=e(314),i=e.n(a),b=e(752),l=e(938),p=e(293),d=i()(t());d.i(b.A),d.i(l.A),d.i(p.A),d.push([r.id,`/* JupyterLab takes the stylesheet out of displays it does not trust; this is the same one, for pages and such outputs. */

/* Seen by nobody, read to whoever listens. */
.nbr-Unseen {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

.nbr-Chip,
.nbr-Badge,
.nbr-More {
  display: inline-block;
  padding: 0 6px;
  border: 1px solid var(--jp-border-color1);
  border-radius: 9px;
  font-size: var(--jp-ui-font-size0);
  line-height: 15px;
  font-weight: 500;
  color: var(--jp-ui-font-color1);
  white-space: nowrap;
}

.nbr-Chip {
  border-color: var(--jp-brand-color1);
  background: color-mix(in srgb, var(--jp-brand-color1) 14%, transparent); /* as in displays */
}

.nbr-Chip,
.nbr-More {
  max-width: 100%;
  box-sizing: border-box;
  overflow: hidden;
  text-overflow: ellipsis;
}

.nbr-Badge {
  border-style: dashed;
}

.nbr-Alarm {
  color: var(--jp-error-color1);
}

.nbr-Button.jp-Button,
.nbr-Link {
  min-height: 24px;
  padding: 0 8px;
  border: 1px solid var(--jp-border-color1);
  border-radius: var(--jp-border-radius);
  background: var(--jp-layout-color1);
  color: var(--jp-ui-font-color1);
  font: inherit;
  font-size: var(--jp-ui-font-size1);
  line-height: 22px;
  white-space: nowrap;
}

.nbr-Button.jp-Button:hover:not(:disabled),
.nbr-Link:hover {
  background: var(--jp-layout-color2);
}

.nbr-Button.jp-Button:disabled {
  opacity: 1;
  border-style: dashed;
  color: var(--jp-ui-font-color2);
  cursor: default;
}

.nbr-Button.nbr-mod-accept:not(:disabled) {
  border-color: var(--jp-brand-color0, var(--jp-brand-color1));
  font-weight: 600;
}

.nbr-Button:focus-visible,
.nbr-Link:focus-visible,
.nbr-Sidebar select:focus-visible,
.nbr-Sidebar input:focus-visible,
.nbr-Page :focus-visible {
  outline: 2px solid var(--jp-brand-color1);
  outline-offset: 1px;
}

.nbr-Failure {
  margin: 6px 0;
  padding: 6px 8px;
  border: 1px solid var(--jp-border-color1);
  border-left: 3px solid var(--jp-error-color1);
  border-radius: var(--jp-border-radius);
  color: var(--jp-ui-font-color1);
  font-size: var(--jp-ui-font-size1);
  overflow-wrap: anywhere;
}

.nbr-Failure p {
  margin: 2px 0;
}

.nbr-Failure-message {
  font-weight: 600;
}

.nbr-Failure .nbr-Buttons,
.nbr-State > .nbr-Button {
  margin-top: 8px;
}

.nbr-Failure pre,
.nbr-State pre {
  margin: 4px 0;
  padding: 4px 6px;
  white-space: pre-wrap;
  background: var(--jp-layout-color2);
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-code-font-size);
}

/* The sign below a line shows a place in it, so neither may wrap. */
.nbr-Failure .nbr-Excerpt {
  overflow-x: auto;
  white-space: pre;
}

.nbr-Failure code {
  font-family: var(--jp-code-font-family);
}

.nbr-Nearest {
  margin-right: 8px;
  overflow-wrap: anywhere;
  font-weight: 600;
}

.nbr-State {
  flex: 1 1 0;
  min-height: 0;
  overflow: auto;
  padding: 16px 12px;
  color: var(--jp-ui-font-color1);
  font-size: var(--jp-ui-font-size1);
}

.nbr-State-title {
  margin: 0 0 4px;
  font-size: var(--jp-ui-font-size2);
  font-weight: 600;
}

.nbr-ReadOnly {
  color: var(--jp-ui-font-color1);
  font-weight: 600;
}

/* In a long path its end tells most. */
.nbr-PathField input.jp-mod-styled {
  display: block;
  width: 100%;
  min-width: min(560px, 80vw);
  margin-top: 8px;
  box-sizing: border-box;
}

/* Below a notebook, as Notebook 7 has it, icons of tabs are not put in the middle. */
.lm-TabPanel-tabBar .nbr-Tab .lm-TabBar-tabIcon {
  display: flex;
  align-items: center;
}

.nbr-Bone {
  display: block;
  height: 12px;
  margin: 10px 0;
  border-radius: 3px;
  background: var(--jp-layout-color3);
  opacity: 0.6;
}

/* References in displays that open a page. */
[data-commandlinker-command='nbregistry:open'],
.nbr-Cards .nbr-ref {
  cursor: pointer;
  text-decoration: underline dotted;
  text-underline-offset: 2px;
}

[data-commandlinker-command='nbregistry:open']:hover,
.nbr-Cards .nbr-ref:hover {
  text-decoration-style: solid;
}
`,""]),e.d(n,{},{A:d})},293(r,n,e){var o=e(601),t=e.n(o),a=e(314),i=(e.n(a))()(t());i.push([r.id,`.nbr-Page {
  overflow: auto;
  padding: 12px 20px 40px;
  box-sizing: border-box;
  background: var(--jp-layout-color0);
  color: var(--jp-content-font-color1);
  font-family: var(--jp-ui-font-family);
  font-size: var(--jp-ui-font-size1);
  outline: none;
}

.nbr-Page-head {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 6px 8px;
  margin: 0 0 8px;
}

.nbr-Page h1 {
  margin: 0 4px 0 0;
  font-size: 20px;
  font-weight: 600;
  overflow-wrap: anywhere;
}

.nbr-Page h2 {
  margin: 18px 0 4px;
  font-size: var(--jp-ui-font-size2);
  font-weight: 600;
}

.nbr-Buttons {
  display: flex;
  flex-wrap: wrap;
  gap: 6px;
}

.nbr-Page-head .nbr-Buttons {
  flex-basis: 100%;
}

.nbr-Page-head .nbr-Buttons:empty {
  display: none;
}

.nbr-Page-head nav .nbr-Link {
  padding: 0 6px 0 0;
  border-color: transparent;
  border-left: 0;
  background: none;
  color: var(--jp-content-link-color);
  text-decoration: underline;
  text-underline-offset: 2px;
  cursor: pointer;
}

.nbr-Section > summary {
  margin-top: 18px;
  cursor: pointer;
}

.nbr-Section > summary > h2 {
  display: inline;
}

.nbr-Change {
  max-width: 1160px;
  margin: 8px 0;
  padding: 4px 14px 12px;
  border: 1px solid var(--jp-border-color1);
  border-radius: var(--jp-border-radius);
  background: var(--jp-layout-color1);
  box-sizing: border-box;
}

.nbr-Change h2 {
  margin-top: 8px;
  overflow-wrap: anywhere;
}

.nbr-Change .nbr-Buttons,
.nbr-Change .nbr-Cards {
  margin-top: 8px;
}

.nbr-Field {
  display: grid;
  grid-template-columns: 120px minmax(0, 480px);
  align-items: center;
  gap: 2px 10px;
  margin: 6px 0;
}

.nbr-Field .nbr-Help {
  grid-column: 2;
}

.nbr-Field .jp-HTMLSelect.jp-DefaultStyle {
  margin: 0;
  padding: 0;
}

.nbr-Field .jp-HTMLSelect.jp-DefaultStyle select,
.nbr-Field input.jp-mod-styled,
.nbr-Field textarea.jp-mod-styled {
  width: 100%;
  min-width: 0;
  box-sizing: border-box;
  padding: 3px 8px;
  border: 1px solid var(--jp-border-color1);
  border-radius: var(--jp-border-radius);
  background: var(--jp-layout-color1);
  color: var(--jp-ui-font-color0);
  font: inherit;
}

.nbr-Help {
  color: var(--jp-ui-font-color2);
}

.nbr-Cards .jp-RenderedHTMLCommon {
  padding-right: 0;
}

.nbr-Cards .nbr {
  max-width: 1160px;
}

/* A hash is one long word; beside it, what a check says would be out of sight in large print. */
.nbr-Change .nbr-Cards details td:last-child {
  overflow-wrap: anywhere;
}
`,""]),e.d(n,{},{A:i})},938(r,n,e){var o=e(601),t=e.n(o),a=e(314),i=(e.n(a))()(t());i.push([r.id,`.nbr-Sidebar {
  display: flex;
  flex-direction: column;
  min-width: 220px;
  background: var(--jp-layout-color1);
  color: var(--jp-ui-font-color1);
  font-size: var(--jp-ui-font-size1);
}

.nbr-Head {
  display: flex;
  flex-direction: column;
  gap: 6px;
  padding: 8px;
  border-bottom: 1px solid var(--jp-border-color2);
}

.nbr-Head-row {
  display: flex;
  align-items: center;
  justify-content: space-between;
  gap: 6px;
}

.nbr-Sidebar .jp-HTMLSelect.jp-DefaultStyle {
  margin: 0;
  padding: 0;
  min-width: 0;
}

.nbr-Sidebar .jp-HTMLSelect select {
  width: 100%;
  height: 26px;
  padding-right: 22px;
  border: 1px solid var(--jp-border-color1);
  border-radius: var(--jp-border-radius);
  background: var(--jp-layout-color1);
  color: var(--jp-ui-font-color1);
  font-size: var(--jp-ui-font-size1);
  text-overflow: ellipsis;
}

.nbr-Picker {
  flex: 1 1 auto;
}

.nbr-Head-row > .jp-Button {
  width: 26px;
  padding: 0;
  flex: 0 0 auto;
}

.nbr-Search.jp-mod-styled {
  width: 100%;
  height: 28px;
  box-sizing: border-box;
  padding: 0 8px;
  border: 1px solid var(--jp-border-color1);
  border-radius: var(--jp-border-radius);
  background: var(--jp-layout-color1);
  color: var(--jp-ui-font-color0);
  font-size: var(--jp-ui-font-size1);
}

.nbr-Head .nbr-ReadOnly {
  font-size: var(--jp-ui-font-size0);
}

.nbr-Search::placeholder {
  color: var(--jp-ui-font-color2);
  opacity: 1;
}

.nbr-Search[aria-invalid='true'] {
  border-color: var(--jp-error-color1);
}

.nbr-Order {
  flex: 0 1 auto;
}

.nbr-Count {
  flex: 0 0 auto;
  max-width: 60%;
  overflow: hidden;
  text-overflow: ellipsis;
  color: var(--jp-ui-font-color2);
  white-space: nowrap;
}

.nbr-Tree {
  position: relative;
  flex: 1 1 0;
  min-height: 84px;
  overflow-y: auto;
  outline: none;
}

.nbr-Tree-inner {
  position: relative;
  width: 100%;
}

.nbr-Item {
  position: absolute;
  inset: 0 0 auto;
  display: flex;
  align-items: center;
  gap: 6px;
  box-sizing: border-box;
  padding: 0 10px 0 8px;
  border-left: 3px solid transparent;
  cursor: pointer;
}

.nbr-Item.nbr-mod-version {
  padding-left: 22px;
}

.nbr-Item:hover {
  background: var(--jp-layout-color2);
}

.nbr-Item.nbr-mod-chosen {
  border-left-color: var(--jp-brand-color1);
  background: var(--jp-layout-color2);
}

.nbr-Tree:focus-visible .nbr-Item.nbr-mod-active,
.nbr-Tree:focus .nbr-Item.nbr-mod-active {
  outline: 2px solid var(--jp-brand-color1);
  outline-offset: -2px;
}

.nbr-Tree:not(:focus) .nbr-Item.nbr-mod-active {
  background: var(--jp-layout-color2);
}

.nbr-Caret,
.nbr-Box {
  flex: 0 0 16px;
  display: flex;
  height: 16px;
}

.nbr-Box {
  box-sizing: border-box;
  border: 1px solid var(--jp-border-color0, var(--jp-border-color1));
  border-radius: 3px;
  background: var(--jp-layout-color0);
}

.nbr-Box svg {
  width: 14px;
  height: 14px;
}

.nbr-Item-lines {
  flex: 1 1 auto;
  min-width: 0;
}

.nbr-Item-first {
  display: flex;
  align-items: baseline;
  gap: 6px;
  color: var(--jp-ui-font-color0);
}

.nbr-Item-name,
.nbr-Item-about,
.nbr-Item-metric {
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.nbr-Item-name {
  flex: 1 1 auto;
  min-width: 0;
  font-weight: 600;
}

.nbr-Item-version {
  font-weight: 600;
  font-variant-numeric: tabular-nums;
}

.nbr-Item-marks {
  flex: 1 1 auto;
  display: flex;
  align-items: center;
  gap: 4px;
  min-width: 0;
}

/* What does not fit wraps out of sight, and is counted. */
.nbr-Item-fitting {
  position: relative;
  display: flex;
  flex: 0 1 auto;
  flex-wrap: wrap;
  gap: 4px;
  height: 17px;
  min-width: 0;
  overflow: hidden;
}

.nbr-More {
  flex: 0 0 auto;
  position: relative;
}

.nbr-Item-about {
  flex: 1 1 auto;
  min-width: 0;
}

.nbr-Item-metric {
  flex: 0 0 auto;
  max-width: 50%;
}

.nbr-Item-second {
  display: flex;
  gap: 6px;
  color: var(--jp-ui-font-color2);
  font-size: var(--jp-ui-font-size0);
}

/* What is muted on the sidebar's own ground is too faint on that of a marked line. */
.nbr-Item:hover .nbr-Item-second,
.nbr-Item.nbr-mod-chosen .nbr-Item-second,
.nbr-Item.nbr-mod-active .nbr-Item-second {
  color: var(--jp-ui-font-color1);
}

.nbr-Metric {
  font-variant-numeric: tabular-nums;
  white-space: nowrap;
}

.nbr-Chosen {
  display: flex;
  align-items: center;
  gap: 6px;
  padding: 6px 8px;
  border-top: 1px solid var(--jp-border-color2);
}

.nbr-Chosen-refs {
  flex: 1 1 auto;
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}
`,""]),e.d(n,{},{A:i})},752(r,n,e){var o=e(601),t=e.n(o),a=e(314),i=(e.n(a))()(t());i.push([r.id,`/* Everything stands under .nbr. Colours are inherited; where one is set, a variable of the Jupyter theme comes first and a
   fallback that is legible on white and on black second. No colour carries a meaning that a word does not. */
.nbr {
  --nbr-line: var(--jp-border-color2, rgba(128, 128, 128, .35));
  --nbr-faint: rgba(128, 128, 128, .1);
  --nbr-good: var(--jp-success-color1, #2e9d57);
  --nbr-warn: var(--jp-warn-color1, #d9822b);
  --nbr-bad: var(--jp-error-color1, #e5484d);
  --nbr-mark: var(--jp-brand-color1, #3f87d9);
  --nbr-muted: color-mix(in srgb, currentColor 72%, transparent);
  container-type: inline-size; box-sizing: border-box; max-width: 1160px; margin: 2px 0 6px; padding: 10px 14px 8px;
  border: 1px solid var(--nbr-line); border-left: 3px solid var(--nbr-line); border-radius: 5px;
  font-family: var(--jp-ui-font-family, system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif);
  font-size: 13px; line-height: 1.5; color: inherit; background: transparent; text-align: left; overflow-wrap: break-word;
}
.nbr-good { border-left-color: var(--nbr-good); }
.nbr-warned { border-left-color: var(--nbr-warn); }
.nbr-bad { border-left-color: var(--nbr-bad); }
.nbr .nbr-head { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 20px; }
.nbr .nbr-title { font-size: 15px; font-weight: 600; white-space: pre-wrap; }
.nbr .nbr-aside, .nbr .nbr-muted { color: var(--nbr-muted); }
.nbr .nbr-title .nbr-muted { font-weight: 400; font-size: 13px; }
.nbr :is(.nbr-title, .nbr-lead, .nbr-commands ul, .nbr-commands code) { min-width: 0; overflow-wrap: anywhere; }
.nbr p { margin: 0; }
.nbr wbr { display: none; }
.nbr .nbr-lead { margin: 2px 0 0; font-size: 14px; }
.nbr .nbr-words { margin: 8px 0 0; }
.nbr .nbr-fence { display: none; }
.nbr .nbr-unseen { position: absolute; width: 1px; height: 1px; padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.nbr .nbr-chip, .nbr .nbr-badge {
  display: inline-block; padding: 0 6px; border: 1px solid; border-radius: 9px; font-size: 11px; line-height: 15px;
  font-weight: 500; vertical-align: 1px; white-space: nowrap;
}
.nbr .nbr-chip { border-color: var(--nbr-mark); background: rgba(63, 135, 217, .14); }
.nbr .nbr-badge { border-color: rgba(128, 128, 128, .75); border-style: dashed; }
.nbr .nbr-alarm { display: inline-block; font-weight: 600; text-decoration: underline var(--nbr-warn) 2px; text-underline-offset: 2px; }
.nbr .nbr-strong { font-weight: 600; }
.nbr .nbr-best { font-size: 11.5px; }
.nbr .nbr-best, .nbr .nbr-better, .nbr .nbr-worse, .nbr .nbr-good, .nbr .nbr-bad, .nbr .nbr-warned { white-space: nowrap; font-weight: 600; }
.nbr .nbr-sign { color: var(--nbr-mark); font-weight: 700; }
.nbr .nbr-better .nbr-sign, .nbr .nbr-good .nbr-sign { color: var(--nbr-good); }
.nbr .nbr-worse .nbr-sign, .nbr .nbr-warned .nbr-sign, .nbr .nbr-warning .nbr-sign { color: var(--nbr-warn); }
.nbr .nbr-bad .nbr-sign, .nbr .nbr-problem .nbr-sign { color: var(--nbr-bad); }
.nbr .nbr-time, .nbr .nbr-whole { white-space: nowrap; }
.nbr .nbr-spark { font-size: 11px; white-space: pre; color: var(--nbr-mark); }
.nbr.nbr.nbr code { padding: 0; background: transparent; color: inherit; font-size: 12px; font-family: var(--jp-code-font-family, ui-monospace, Menlo, Consolas, monospace); }
.nbr .nbr-scroll { position: relative; overflow-x: auto; scrollbar-width: thin; margin: 10px 0 0; }
.nbr table { border-collapse: collapse; border: 0; margin: 0; table-layout: auto; font-size: inherit; color: inherit; background: transparent; }
.nbr caption, .nbr .nbr-caption { caption-side: top; padding: 0 0 2px; font-size: 11px; font-weight: 600; color: var(--nbr-muted); text-align: left; letter-spacing: .02em; }
/* What a table is about stays in sight while the table is scrolled. */
.nbr caption:not(.nbr-unseen) { position: sticky; left: 0; max-width: calc(100cqi - 14px); }
.nbr .nbr-caption { margin: 10px 0 0; }
.nbr table th, .nbr table td {
  padding: 3px 11px 3px 0; border: 0; text-align: left; vertical-align: top; white-space: normal; max-width: 420px; font-weight: 400;
  line-height: 1.45; background: transparent;
}
.nbr table th:last-child, .nbr table td:last-child { padding-right: 4px; }
.nbr table thead th { font-weight: 600; border-bottom: 1px solid var(--nbr-line); vertical-align: bottom; white-space: nowrap; }
.nbr table thead th .nbr-ref { display: inline-block; max-width: 17em; white-space: normal; overflow-wrap: break-word; }
.nbr table thead th .nbr-user { display: inline-block; max-width: 17em; white-space: normal; overflow-wrap: break-word; }
.nbr thead wbr { display: inline; }
.nbr .nbr-table tbody th { font-weight: 500; }
.nbr table tbody tr:nth-child(n) { background: transparent; }
.nbr table tbody tr + tr > * { border-top: 1px solid var(--nbr-faint); }
.nbr table tbody tr:hover { background: var(--nbr-faint); }
.nbr table tr.nbr-row-marked:nth-child(n) { background: rgba(63, 135, 217, .09); }
.nbr table tr.nbr-row-marked > :first-child { box-shadow: inset 2px 0 var(--nbr-mark); }
.nbr .nbr-table th:first-child, .nbr .nbr-table td:first-child { padding-left: 8px; }
.nbr .nbr-table caption { padding-left: 0; }
.nbr table tfoot th, .nbr table tfoot td { border-top: 1px solid var(--nbr-line); }
.nbr .nbr-number { font-variant-numeric: tabular-nums; text-align: right !important; white-space: nowrap !important; }
.nbr .nbr-prose { font-size: 12px; }
.nbr .nbr-prose:last-child { max-width: 640px; }
.nbr .nbr-below { font-size: 11.5px; line-height: 1.4; font-weight: 400; }
.nbr .nbr-facts th { width: 1%; white-space: nowrap; color: var(--nbr-muted); }
.nbr .nbr-facts td { max-width: 860px; }
.nbr .nbr-facts code { overflow-wrap: anywhere; }
.nbr.nbr ul, .nbr.nbr ul ul { margin: 0; padding: 0; list-style: none; }
.nbr.nbr li { margin: 0; }
.nbr ul.nbr-tiles.nbr-tiles { display: flex; flex-wrap: wrap; gap: 8px 28px; margin: 10px 0 0; }
.nbr .nbr-label { display: block; font-size: 11px; color: var(--nbr-muted); }
.nbr .nbr-value { display: block; font-size: 20px; line-height: 1.25; font-weight: 500; font-variant-numeric: tabular-nums; }
.nbr .nbr-tiles .nbr-below { display: block; }
.nbr .nbr-notes { margin: 8px 0 0; }
.nbr .nbr-commands { display: flex; gap: 14px; margin: 10px 0 0; padding: 6px 0 0; border-top: 1px solid var(--nbr-faint); }
.nbr .nbr-commands .nbr-caption { margin: 2px 0 0; padding: 0; white-space: nowrap; }
.nbr.nbr .nbr-commands ul { display: flex; flex-wrap: wrap; gap: 2px 22px; }
.nbr.nbr.nbr .nbr-commands code { padding: 1px 5px; border-radius: 3px; background: var(--nbr-faint); }
.nbr .nbr-section { margin: 8px 0 0; }
.nbr summary { cursor: pointer; font-weight: 600; }
.nbr details > .nbr-scroll { margin: 4px 0 0 14px; }
.nbr details > :is(.nbr-words, .nbr-notes) { margin: 4px 0 0 14px; }
.nbr details > .nbr-scroll + .nbr-words { margin-top: 8px; }
.nbr .nbr-beside { display: flex; flex-wrap: wrap; gap: 0 32px; align-items: flex-start; }
.nbr .nbr-beside > div { max-width: 100%; }
.nbr .nbr-beside > div:has(> .nbr-picture) { flex: 1 1 300px; min-width: 0; max-width: max-content; }
.nbr .nbr-beside .nbr-notes { max-width: 260px; }
.nbr .nbr-picture { margin: 10px 0 0; }
.nbr .nbr-picture img { max-width: 100%; height: auto; margin: 0; background: transparent; }
/* A plot is drawn in a grey that is legible on white and on black; where the theme is known, it stands out as text does. */
.nbr:is([data-jp-theme-light="true"] *) .nbr-picture img, .nbr:is(.vscode-light *) .nbr-picture img { filter: brightness(.88); }
.nbr:is([data-jp-theme-light="false"] *) .nbr-picture img, .nbr:is(.vscode-dark *) .nbr-picture img { filter: brightness(1.2); }
.nbr pre.nbr-lines.nbr-lines {
  margin: 2px 0 0; padding: 6px 10px; border: 0; border-radius: 3px; background: var(--nbr-faint); color: inherit; overflow-x: auto;
  line-height: 1.45; white-space: pre; tab-size: 4;
}
.nbr pre.nbr-lines.nbr-lines code { white-space: pre; overflow-wrap: normal; word-break: normal; }
.nbr .nbr-keyword { font-weight: 600; color: var(--jp-mirror-editor-keyword-color, inherit); }
.nbr .nbr-literal { color: var(--jp-mirror-editor-string-color, inherit); }
.nbr .nbr-comment, .nbr .nbr-line-gap { font-style: italic; color: var(--nbr-muted); }
.nbr .nbr-line { display: inline-block; min-width: 100%; }
/* A theme's own colours are meant for its own ground: green on a removed line's has 3.6:1 in JupyterLab's light one. */
.nbr :is(.nbr-line-added, .nbr-line-removed) :is(.nbr-keyword, .nbr-literal) { color: inherit; }
.nbr .nbr-line-added { background: color-mix(in srgb, var(--nbr-good) 18%, transparent); }
.nbr .nbr-line-removed { background: color-mix(in srgb, var(--nbr-bad) 16%, transparent); }
.nbr ul.nbr-tree.nbr-tree { margin: 4px 0 0; }
.nbr .nbr-tree.nbr-tree ul { margin: 0 0 0 8px; }
.nbr .nbr-tree ul > li { position: relative; padding-left: 20px; border-left: 1px solid var(--nbr-line); }
.nbr .nbr-tree ul > li:last-child { border-left-color: transparent; }
.nbr .nbr-tree ul > li::before { content: ""; position: absolute; left: -1px; top: 0; width: 14px; height: 11px; border-left: 1px solid var(--nbr-line); border-bottom: 1px solid var(--nbr-line); }
.nbr .nbr-here > .nbr-ref:first-of-type { font-weight: 700; }
@media (forced-colors: active) {
  .nbr .nbr-picture img { filter: none !important; }
}
/* In a notebook beside the file browser the plot stands beside its table, if the head takes two lines. */
@container (max-width: 900px) {
  .nbr thead .nbr-ref + .nbr-muted { display: block; }
}
/* In a card of half a window every column is in sight: the words break wherever they must, and the sign alone marks the
   best, for the first line names it. */
@container (max-width: 780px) {
  .nbr table wbr { display: inline; }
  .nbr .nbr-table tbody th:not(.nbr-number) { min-width: 5.8em; }
  .nbr table th, .nbr table td { padding-right: 8px; }
  .nbr .nbr-below .nbr-alarm { min-width: 7.5em; }
  .nbr .nbr-prose { min-width: 110px; overflow-wrap: anywhere; }
  .nbr table .nbr-best .nbr-said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .nbr tfoot .nbr-below { white-space: normal; }
  .nbr .nbr-spark { font-size: 7px; }
  .nbr table .nbr-time { display: inline-block; min-width: 6.2em; white-space: normal; }
}
/* In a narrow card the numbers come first; a table that is wider still scrolls by itself. */
@container (max-width: 560px) {
  .nbr table { font-size: 12px; }
  .nbr table thead th:nth-child(n) { white-space: normal !important; overflow-wrap: break-word; }
  .nbr .nbr-prose { min-width: 220px; overflow-wrap: break-word; }
  .nbr .nbr-prose:last-child { min-width: 0; overflow-wrap: anywhere; }
  /* Nor does a word that is out of sight, e.g. a test's name, make the lines higher that are in sight. */
  .nbr .nbr-table td > .nbr-muted:only-child { white-space: nowrap; }
  /* What a line is about is broken only where it is very long: a box of its own keeps the column from being wider. */
  .nbr .nbr-table tbody th > :is(.nbr-user, .nbr-ref) { display: inline-block; max-width: 13.5em; overflow-wrap: break-word; }
  .nbr table thead th .nbr-ref { max-width: 7em; }
  .nbr table th, .nbr table td { padding-right: 7px; }
  .nbr ul.nbr-tiles.nbr-tiles { gap: 8px 20px; }
  .nbr .nbr-value { font-size: 17px; }
  .nbr .nbr-commands { display: block; }
  .nbr.nbr .nbr-commands ul { display: block; }
}
/* In the narrowest, small type keeps values and their difference in sight together. */
@container (max-width: 350px) {
  .nbr table, .nbr .nbr-prose { font-size: 11px; }
  .nbr .nbr-below { font-size: 10.5px; }
  .nbr .nbr-number .nbr-below > .nbr-muted, .nbr .nbr-number .nbr-pair { white-space: normal; }
  .nbr table th:nth-child(n), .nbr table td:nth-child(n) { padding-right: 5px; }
  .nbr .nbr-table th:first-child, .nbr .nbr-table td:first-child { padding-left: 4px; }
}
`,""]),e.d(n,{},{A:i})},314(r){r.exports=function(r){var n=[];return n.toString=function(){return this.map(function(n){var e="",o=void 0!==n[5];return n[4]&&(e+="@supports (".concat(n[4],") {")),n[2]&&(e+="@media ".concat(n[2]," {")),o&&(e+="@layer".concat(n[5].length>0?" ".concat(n[5]):""," {")),e+=r(n),o&&(e+="}"),n[2]&&(e+="}"),n[4]&&(e+="}"),e}).join("")},n.i=function(r,e,o,t,a){"string"==typeof r&&(r=[[null,r,void 0]]);var i={};if(o)for(var b=0;b<this.length;b++){var l=this[b][0];null!=l&&(i[l]=!0)}for(var p=0;p<r.length;p++){var d=[].concat(r[p]);o&&i[d[0]]||(void 0!==a&&(void 0===d[5]||(d[1]="@layer".concat(d[5].length>0?" ".concat(d[5]):""," {").concat(d[1],"}")),d[5]=a),e&&(d[2]&&(d[1]="@media ".concat(d[2]," {").concat(d[1],"}")),d[2]=e),t&&(d[4]?(d[1]="@supports (".concat(d[4],") {").concat(d[1],"}"),d[4]=t):d[4]="".concat(t)),n.push(d))}},n}},601(r){r.exports=function(r){return r[1]}},72(r){var n=[];function e(r){for(var e=-1,o=0;o<n.length;o++)if(n[o].identifier===r){e=o;break}return e}function o(r,o){for(var t={},a=[],i=0;i<r.length;i++){var b=r[i],l=o.base?b[0]+o.base:b[0],p=t[l]||0,d="".concat(l," ").concat(p);t[l]=p+1;var s=e(d),c={css:b[1],media:b[2],sourceMap:b[3],supports:b[4],layer:b[5]};if(-1!==s)n[s].references++,n[s].updater(c);else{var h=function(r,n){var e=n.domAPI(n);return e.update(r),function(n){n?(n.css!==r.css||n.media!==r.media||n.sourceMap!==r.sourceMap||n.supports!==r.supports||n.layer!==r.layer)&&e.update(r=n):e.remove()}}(c,o);o.byIndex=i,n.splice(i,0,{identifier:d,updater:h,references:1})}a.push(d)}return a}r.exports=function(r,t){var a=o(r=r||[],t=t||{});return function(r){r=r||[];for(var i=0;i<a.length;i++){var b=e(a[i]);n[b].references--}for(var l=o(r,t),p=0;p<a.length;p++){var d=e(a[p]);0===n[d].references&&(n[d].updater(),n.splice(d,1))}a=l}}},659(r){var n={};r.exports=function(r,e){var o=function(r){if(void 0===n[r]){var e=document.querySelector(r);if(window.HTMLIFrameElement&&e instanceof window.HTMLIFrameElement)try{e=e.contentDocument.head}catch(r){e=null}n[r]=e}return n[r]}(r);if(!o)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");o.appendChild(e)}},540(r){r.exports=function(r){var n=document.createElement("style");return r.setAttributes(n,r.attributes),r.insert(n,r.options),n}},56(r,n,e){r.exports=function(r){var n=e.nc;n&&r.setAttribute("nonce",n)}},825(r){r.exports=function(r){if("u"<typeof document)return{update:function(){},remove:function(){}};var n=r.insertStyleElement(r);return{update:function(e){var o,t,a;o="",e.supports&&(o+="@supports (".concat(e.supports,") {")),e.media&&(o+="@media ".concat(e.media," {")),(t=void 0!==e.layer)&&(o+="@layer".concat(e.layer.length>0?" ".concat(e.layer):""," {")),o+=e.css,t&&(o+="}"),e.media&&(o+="}"),e.supports&&(o+="}"),(a=e.sourceMap)&&"u">typeof btoa&&(o+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(a))))," */")),r.styleTagTransform(o,n,r.options)},remove:function(){var r;null===(r=n).parentNode||r.parentNode.removeChild(r)}}}},113(r){r.exports=function(r,n){if(n.styleSheet)n.styleSheet.cssText=r;else{for(;n.firstChild;)n.removeChild(n.firstChild);n.appendChild(document.createTextNode(r))}}},579(r,n,e){var o=e(72),t=e.n(o),a=e(825),i=e.n(a),b=e(659),l=e.n(b),p=e(56),d=e.n(p),s=e(540),c=e.n(s),h=e(113),f=e.n(h),u=e(475),m={};m.styleTagTransform=f(),m.setAttributes=d(),m.insert=l().bind(null,"head"),m.domAPI=i(),m.insertStyleElement=c(),t()(u.A,m),u.A&&u.A.locals&&u.A.locals}}]);