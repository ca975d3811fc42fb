/** Rules at the start of a line get the panel's class in front: writing it out takes 2 kB of the first load. */
const scoped = (rules: string) => rules.replace(/^\.fs-/gm, '.fewshot .fs-');

/** Styles of the tasks, part of `STYLES`. */
const TASK_STYLES = `
.fs-tasks { display: flex; flex-direction: column; gap: 2px; max-height: 320px; margin: 0 -10px; padding: 2px; overflow-y: auto; }
.fs-task { padding: 6px 8px; border-radius: 3px; background: var(--fs-back); }
.fs-task-head { display: flex; align-items: flex-start; gap: 8px; }
.fs-task-picture { flex: none; width: 36px; height: 36px; overflow: hidden; border-radius: 3px; border: 1px solid var(--fs-edge); background: #000; color: var(--fs-dim); display: flex; align-items: center; justify-content: center; }
.fs-task-text { flex: 1; min-width: 0; }
.fs-task-name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; line-height: 18px; }
.fs-task-facts { color: var(--fs-soft); font-size: 11px; line-height: 15px; }
.fs-task .fs-icon-button { margin-right: -4px; }
.fs-small-button { flex: none; min-height: 24px; padding: 0 8px; border: 1px solid var(--fs-link); border-radius: 4px; background: var(--fs-bar); color: var(--fs-text); font-size: 12px; }
.fs-small-button:hover { background: var(--fs-accent); }
.fs-small-button[aria-disabled='true'] { border-color: var(--fs-edge); background: var(--fs-dark); color: var(--fs-pale); cursor: not-allowed; }
.fs-task-more { display: flex; flex-direction: column; gap: 8px; margin-top: 6px; padding-top: 6px; border-top: 1px solid var(--fs-bar); }
.fs-task-reason { margin-top: 4px; color: var(--fs-pale); font-size: 12px; }
.fs-menu { display: flex; flex-direction: column; }
.fs-menu-item { display: block; min-height: 26px; padding: 3px 6px; border: 0; border-radius: 3px; background: none; text-align: left; }
.fs-menu-item:hover { background: var(--fs-accent); }
.fs-menu-item small { display: block; color: var(--fs-soft); font-size: 11px; line-height: 15px; }
.fs-menu-item[aria-disabled='true'] { color: var(--fs-dim); cursor: not-allowed; }
.fs-task-ways { display: flex; flex-wrap: wrap; gap: 2px 12px; }
.fs-add[aria-disabled='true'] { color: var(--fs-dim); background: none; cursor: not-allowed; }
.fs-form { display: flex; flex-direction: column; gap: 8px; }
.fs-check { display: flex; gap: 8px; align-items: flex-start; font-size: 12px; color: var(--fs-pale); }
.fs-check input { flex: none; width: 14px; height: 14px; margin-top: 2px; accent-color: var(--fs-high); color-scheme: dark; }
.fs-drop { outline: 2px dashed var(--fs-high); outline-offset: -4px; border-radius: 3px; }
`;

/** Styles of the contact sheet, part of `STYLES`. */
const SHEET_STYLES = `
.fs-sheet { width: calc(100vw - 48px); max-width: none; height: calc(100vh - 48px); max-height: none; margin: auto; padding: 0; border: 1px solid var(--fs-edge); border-radius: 6px; background: var(--fs-back); color: var(--fs-text); overflow: hidden; }
.fs-sheet[open] { display: flex; flex-direction: column; }
.fs-sheet::backdrop { background: rgb(0 0 0 / 0.7); }
.fs-sheet-bar { display: flex; flex: none; flex-wrap: wrap; align-items: center; gap: 8px 24px; padding: 8px 12px; background: var(--fs-card); }
.fs-sheet-bar h2 { flex: 1; min-width: 0; font-size: 15px; font-weight: 600; }
.fs-sheet-bar .fs-field { flex-direction: row; align-items: center; gap: 12px; }
.fs-sheet-bar legend { float: left; margin: 0 12px 0 0; line-height: 24px; }
.fs-sheet-bar .fs-button { flex: 0 1 auto; min-width: 220px; }
.fs-sheet-bar .fs-question { flex: 0 1 420px; }
.fs-sheet-words { flex: 1; min-width: 240px; }
.fs-sheet-scroll { flex: 1; min-height: 0; padding: 12px; overflow: hidden auto; scrollbar-width: thin; scrollbar-color: var(--fs-accent) transparent; }
.fs-sheet-grid { position: relative; margin: 0 auto; }
.fs-sheet-row { position: absolute; left: 0; display: flex; gap: 8px; }
.fs-sheet-cell { position: relative; flex: none; overflow: hidden; border: 1px solid var(--fs-edge); border-radius: 3px; background: #000; cursor: pointer; user-select: none; }
.fs-sheet-cell:hover { border-color: var(--fs-pale); }
.fs-sheet-cell:focus-visible { outline: 2px solid var(--fs-text); outline-offset: 2px; }
.fs-sheet-cell[aria-current] { border-color: var(--fs-high); box-shadow: inset 0 0 0 1px var(--fs-high); }
.fs-sheet-cell .fs-picture { display: block; width: 100%; height: 100%; }
.fs-sheet-rejected .fs-picture { opacity: 0.5; }
.fs-sheet-mark { position: absolute; top: 4px; right: 4px; display: flex; align-items: center; gap: 3px; padding: 0 5px 0 3px; border-radius: 3px; background: hsl(165 60% 11% / 0.92); color: hsl(150 60% 70%); font-size: 11px; line-height: 18px; }
.fs-sheet-mark .fs-icon { width: 12px; height: 12px; stroke-width: 2; }
.fs-sheet-rejected .fs-sheet-mark { background: hsl(0 55% 14% / 0.92); color: hsl(0 90% 80%); }
.fs-sheet-missing { position: absolute; top: 50%; left: 0; right: 0; margin-top: -9px; color: var(--fs-pale); font-size: 12px; line-height: 18px; text-align: center; }
`;

/**
 * Colors are OHIF's own variables, so that its themes apply; the fallbacks are its default theme.
 * Tailwind classes are not used: a prebuilt viewer contains only those that it uses itself.
 */
export const STYLES = scoped(`
.fewshot {
  --fs-back: hsl(var(--background, 0 0% 0%));
  --fs-card: hsl(var(--card, 234 64% 10%));
  --fs-bar: hsl(var(--popover, 219 90% 15%));
  --fs-accent: hsl(var(--accent, 217 79% 24%));
  --fs-edge: hsl(var(--input, 236 52% 30%));
  --fs-text: hsl(var(--foreground, 0 0% 98%));
  --fs-soft: hsl(var(--muted-foreground, 200 46% 65%));
  --fs-pale: hsl(var(--neutral-light, 214 69% 81%));
  --fs-dim: hsl(var(--neutral, 213 22% 59%));
  --fs-dark: hsl(var(--neutral-dark, 214 16% 21%));
  --fs-link: hsl(var(--primary, 214 98% 60%));
  --fs-high: hsl(var(--highlight, 191 74% 63%));
  box-sizing: border-box;
  height: 100%;
  overflow-x: hidden;
  overflow-y: auto;
  scroll-padding-bottom: 160px;
  display: flex;
  flex-direction: column;
  gap: 2px;
  padding: 0;
  background: var(--fs-back);
  color: var(--fs-text);
  font-size: 13px;
  line-height: 1.4;
  text-align: left;
  scrollbar-width: thin;
  scrollbar-color: var(--fs-accent) transparent;
}
.fewshot *, .fewshot *::before, .fewshot *::after { box-sizing: border-box; }
.fewshot :is(h2, h3, p, ul, ol, fieldset, legend) { margin: 0; padding: 0; border: 0; font: inherit; list-style: none; }
.fewshot :is(button, input, select) { margin: 0; font: inherit; color: inherit; }
.fewshot :is(button, summary, .fs-structure, .fs-strip-track) { cursor: pointer; }
.fewshot :is(button, input, select, summary, [tabindex]):focus { outline: none; }
.fewshot :is(button, input, select, summary, [role='slider']):focus-visible,
.fs-structure:focus-within:has(:focus-visible) {
  outline: 2px solid var(--fs-text);
  outline-offset: 1px;
}
.fs-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; appearance: none; }
.fs-icon { display: inline-block; flex: none; width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 1.4; stroke-linecap: round; stroke-linejoin: round; vertical-align: middle; }
.fs-muted { color: var(--fs-soft); font-size: 12px; }
.fs-headline { font-size: 15px; font-weight: 600; color: var(--fs-text); }

.fs-series { padding: 8px 10px; background: var(--fs-card); }
.fs-series h2 { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.fs-series span { color: var(--fs-soft); font-size: 12px; }

.fs-section-bar { display: flex; align-items: center; gap: 8px; min-height: 28px; padding: 0 10px; background: var(--fs-bar); color: var(--fs-soft); border-radius: 3px 3px 0 0; }
.fs-section-bar h3 { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.fs-section-count { color: var(--fs-text); font-variant-numeric: tabular-nums; }
.fs-section-body { display: flex; flex-direction: column; gap: 8px; padding: 8px 10px 10px; background: var(--fs-card); }

.fs-howto { padding: 12px 10px; background: var(--fs-card); }
.fs-howto ol { display: flex; flex-direction: column; gap: 10px; }
.fs-howto-picture { display: block; width: 100%; max-width: 300px; height: auto; margin: 0 auto 12px; }
.fs-picture-slice { fill: var(--fs-dark); stroke: var(--fs-dim); stroke-width: 0.5; }
.fs-picture-drawn { fill: hsl(0 67% 60%); stroke: #fff; stroke-width: 0.8; }
.fs-picture-found { fill: hsl(172 55% 58%); }
.fs-picture-arrow { fill: none; stroke: var(--fs-high); stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.fs-howto li { display: flex; gap: 10px; color: var(--fs-soft); }
.fs-howto b { display: block; font-weight: 500; }
.fs-howto small { font-size: 12px; }
.fs-howto-number { flex: none; width: 20px; height: 20px; border: 1px solid var(--fs-dim); border-radius: 50%; text-align: center; line-height: 18px; font-size: 12px; }
.fs-howto-next b { color: var(--fs-text); }
.fs-howto-next .fs-howto-number { background: var(--fs-high); border-color: var(--fs-high); color: var(--fs-back); font-weight: 600; }

.fs-add { display: flex; align-items: center; gap: 6px; align-self: flex-start; min-height: 24px; padding: 0 4px; background: none; border: 0; border-radius: 3px; color: var(--fs-link); }
.fs-add:hover { background: var(--fs-accent); color: var(--fs-text); }
.fs-structures { display: flex; flex-direction: column; gap: 2px; max-height: 174px; margin: 0 -10px; padding: 2px; overflow-y: auto; }
.fs-structure { position: relative; display: flex; flex: none; align-items: center; gap: 8px; height: 28px; padding-right: 10px; border-radius: 3px; background: var(--fs-back); color: var(--fs-soft); overflow: hidden; }
.fs-structure:hover { background: var(--fs-accent); color: var(--fs-text); }
.fs-structure-index { flex: none; width: 28px; line-height: 28px; text-align: center; background: var(--fs-bar); }
.fs-structure-active { background: var(--fs-bar); color: var(--fs-high); }
.fs-structure-active .fs-structure-index { background: var(--fs-high); color: var(--fs-back); }
.fs-structure-label { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.fs-structure-lock { display: flex; }
.fs-structure-count { min-width: 16px; text-align: right; color: var(--fs-soft); font-variant-numeric: tabular-nums; }
.fs-swatch { flex: none; width: 10px; height: 10px; border-radius: 50%; box-shadow: 0 0 0 1px rgb(255 255 255 / 0.25); }

.fs-results { display: flex; flex-direction: column; gap: 8px; max-height: 340px; margin: 0 -10px; padding: 2px; overflow-y: auto; }
.fs-result { flex: none; border-radius: 3px; background: var(--fs-back); font-size: 12px; }
.fs-result-head { display: flex; align-items: center; gap: 8px; height: 28px; padding: 0 10px; background: var(--fs-bar); border-radius: 3px 3px 0 0; font-size: 13px; }
.fs-result dl { margin: 0; padding: 4px 10px 6px; }
.fs-result dl > div { display: flex; align-items: baseline; justify-content: space-between; gap: 8px; min-height: 22px; line-height: 22px; }
.fs-result dt { color: var(--fs-soft); }
.fs-result dd { display: flex; align-items: baseline; gap: 8px; margin: 0; white-space: nowrap; font-variant-numeric: tabular-nums; }
.fs-result .fs-link { align-self: auto; font-size: 12px; }

.fs-draw { display: flex; flex-direction: column; gap: 6px; }
.fs-tools { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 4px; }
.fs-tool { display: flex; flex-direction: column; align-items: center; gap: 2px; min-height: 40px; padding: 4px 2px; border: 1px solid var(--fs-edge); border-radius: 4px; background: var(--fs-back); color: var(--fs-pale); font-size: 11px; line-height: 14px; }
.fs-tool:hover { background: var(--fs-accent); }
.fs-tool[aria-pressed='true'] { border-color: var(--fs-high); background: var(--fs-bar); color: var(--fs-high); }
.fs-radius, .fs-values { display: flex; align-items: center; gap: 8px; font-size: 12px; color: var(--fs-soft); }
.fs-radius input { flex: 1; min-width: 0; accent-color: var(--fs-high); }
.fs-radius span { flex: none; min-width: 44px; text-align: right; color: var(--fs-text); font-variant-numeric: tabular-nums; }
.fs-values label { flex: none; }
.fs-values .fs-input { flex: 1; min-width: 0; }
.fs-term { gap: 2px; }
.fs-term-input { position: relative; }
.fs-term-input .fs-icon-button { position: absolute; right: 2px; top: 2px; }
.fs-term-input .fs-input { padding-right: 28px; text-overflow: ellipsis; }
.fs-term-list { max-height: 172px; overflow-y: auto; border: 1px solid var(--fs-edge); border-radius: 3px; background: var(--fs-back); scrollbar-width: thin; scrollbar-color: var(--fs-accent) transparent; }
.fs-term-list[hidden] { display: none; }
.fs-term-list > li { padding: 4px 8px; color: var(--fs-pale); cursor: pointer; overflow-wrap: anywhere; }
.fs-term-list > li:hover { background: var(--fs-bar); }
.fs-term-list > li[aria-selected='true'] { background: var(--fs-accent); color: var(--fs-text); }

.fs-thumbnails { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 6px; max-height: 270px; margin: -3px; padding: 3px; overflow-y: auto; }
.fs-thumbnail { position: relative; display: block; width: 100%; aspect-ratio: 1; padding: 0; overflow: hidden; border: 1px solid var(--fs-edge); border-radius: 3px; background: #000; }
.fs-thumbnail:hover { border-color: var(--fs-pale); }
.fs-thumbnail[aria-current] { border-color: var(--fs-high); box-shadow: inset 0 0 0 1px var(--fs-high); }
.fs-picture { display: block; width: 100%; height: 100%; max-width: none; }
.fs-thumbnail-number { position: absolute; left: 2px; bottom: 2px; min-width: 18px; padding: 0 4px; border-radius: 2px; background: rgb(0 0 0 / 0.8); color: #fff; font-size: 11px; line-height: 16px; text-align: center; font-variant-numeric: tabular-nums; }

.fs-thumbnail-caveat { position: absolute; top: 2px; left: 2px; padding: 0 4px; border: 1px dashed hsl(48 90% 68%); border-radius: 2px; background: rgb(0 0 0 / 0.8); color: hsl(48 90% 80%); font-size: 11px; line-height: 14px; }
.fs-thumbnail-no-promise { border-color: hsl(28 95% 62%); color: hsl(28 95% 78%); }
.fs-thumbnail-sure { left: auto; right: 2px; }
.fs-thumbnails li { position: relative; }
.fs-thumbnail-toggle { position: absolute; top: 2px; right: 2px; display: flex; align-items: center; justify-content: center; width: 24px; height: 24px; padding: 0; border: 1px solid var(--fs-high); border-radius: 3px; background: rgb(0 0 0 / 0.75); color: var(--fs-high); }
.fs-thumbnail-toggle:hover { background: var(--fs-accent); }
.fs-left-out .fs-thumbnail { border-style: dashed; border-color: var(--fs-dim); }
.fs-left-out .fs-picture { opacity: 0.35; filter: grayscale(1); }
.fs-left-out .fs-thumbnail-toggle { border-color: var(--fs-dim); color: var(--fs-pale); }
.fs-thumbnail-out { position: absolute; top: 50%; left: 0; right: 0; margin-top: -9px; color: #fff; font-size: 12px; line-height: 18px; background: rgb(0 0 0 / 0.6); }

.fs-strip-track { position: relative; height: 41px; padding: 9px 0 8px; border-radius: 3px; touch-action: none; }
.fs-cells { display: flex; align-items: flex-end; height: 24px; border-bottom: 1px solid var(--fs-dim); }
.fs-cells-separate > * { border-right: 1px solid var(--fs-card); }
.fs-cell { flex: 1 1 0; min-width: 1.5px; }
.fs-drawn, .fs-given { height: 100%; background: var(--fs-segment); }
.fs-predicted { height: 62%; background: var(--fs-segment); opacity: 0.75; }
.fs-predicted[class*='fs-sure'] { opacity: 1; }
.fs-sure-0 { height: 34%; background: hsl(28 95% 62%); }
.fs-sure-1 { height: 48%; background: hsl(48 90% 68%); }
.fs-sure-2 { height: 62%; background: hsl(172 55% 58%); }
.fs-accepted { height: 82%; background: var(--fs-segment); }
.fs-predicted.fs-beyond { height: 48%; background: none; color: hsl(48 90% 68%); opacity: 1; }
.fs-predicted.fs-no-promise { height: 34%; background: none; color: hsl(28 95% 62%); opacity: 1; }
.fs-accepted:is(.fs-beyond, .fs-no-promise) { background: none; color: var(--fs-segment); }
.fs-beyond.fs-beyond { background-image: repeating-linear-gradient(135deg, currentColor 0 2px, transparent 2px 4.5px); box-shadow: inset 0 1px currentColor; }
.fs-no-promise.fs-no-promise { background-image: repeating-linear-gradient(0deg, currentColor 0 1.5px, transparent 1.5px 4px); }
.fs-rejected { height: 62%; background: none; border: 1px dashed var(--fs-dim); border-bottom: 0; }
.fs-absent { height: 5px; background: var(--fs-segment); }
.fs-empty { height: 5px; background: var(--fs-pale); }
.fs-not-searched { height: 2px; background: var(--fs-dim); }
.fs-open { height: 62%; background: var(--fs-dark); }
.fs-outside-range { height: 0; }
.fs-pin { position: absolute; top: 0; width: 7px; height: 7px; margin-left: -3.5px; background: var(--fs-segment); transform: rotate(45deg); }
.fs-current { position: absolute; top: 8px; bottom: 0; pointer-events: none; }
.fs-current::before { content: ''; position: absolute; top: 0; bottom: 7px; left: 50%; width: 2px; margin-left: -1px; background: #fff; }
.fs-current-cell::before { left: -1px; width: auto; right: 0; margin: 0; border: 1.5px solid #fff; border-radius: 1px; background: none; }
.fs-current::after { content: ''; position: absolute; bottom: -1px; left: 50%; margin-left: -5px; border: 5px solid transparent; border-top: 0; border-bottom: 7px solid #fff; }
.fs-strip-scale { display: flex; justify-content: space-between; gap: 6px; color: var(--fs-soft); font-size: 11px; font-variant-numeric: tabular-nums; }
.fs-strip-readout { min-height: 15px; color: var(--fs-text); text-align: center; }

.fs-absent-field { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; margin-top: 6px; }

.fs-legend { display: grid; grid-template-columns: auto auto; justify-content: start; gap: 2px 12px; font-size: 12px; color: var(--fs-soft); }
.fs-legend li { display: flex; align-items: center; gap: 6px; }
.fs-legend b { color: var(--fs-text); font-weight: 500; }
.fs-legend-mark { position: relative; display: flex; flex: none; align-items: flex-end; width: 7px; height: 15px; margin-bottom: 2px; border-bottom: 1px solid var(--fs-dim); }
.fs-legend-mark .fs-pin { left: 50%; width: 6px; height: 6px; margin-left: -3px; }
.fs-legend-mark :is(.fs-drawn, .fs-given) { height: 10px; }
.fs-legend-mark :is(.fs-predicted, .fs-open, .fs-rejected) { height: 9px; }
.fs-legend-mark .fs-sure-1 { height: 7px; }
.fs-legend-mark .fs-sure-0 { height: 5px; }
.fs-legend-mark .fs-beyond { height: 8px; }
.fs-legend-mark .fs-no-promise { height: 6px; }
.fs-legend-mark .fs-accepted { height: 12px; }

.fs-plot { position: relative; height: 40px; }
.fs-plot svg { display: block; width: 100%; height: 100%; overflow: visible; background: rgb(0 0 0 / 0.25); border-radius: 3px 3px 0 0; }
.fs-plot polyline { fill: none; stroke: var(--fs-high); stroke-width: 1.5; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.fs-plot .fs-plot-beyond { stroke: hsl(48 90% 68%); stroke-dasharray: 2 3; }
.fs-plot-sure { stroke: var(--fs-dim); stroke-width: 1; stroke-dasharray: 2 3; opacity: 0.6; vector-effect: non-scaling-stroke; }
.fs-plot span { position: absolute; left: 3px; font-size: 10px; line-height: 12px; color: var(--fs-soft); pointer-events: none; text-shadow: 0 0 3px #000, 0 0 3px #000; }
.fs-plot span.fs-plot-top { top: -2px; left: auto; right: 3px; }
.fs-plot-bottom { bottom: 1px; }

.fs-hints { display: flex; flex-direction: column; gap: 2px; font-size: 12px; color: var(--fs-soft); }
.fewshot > .fs-hints { padding: 8px 10px; background: var(--fs-card); }
.fs-hints .fs-link { text-align: left; }
.fs-warnings { display: flex; flex-direction: column; gap: 6px; padding: 8px 10px; background: var(--fs-card); }
.fs-warnings .fs-button { flex: 1 1 auto; padding-inline: 4px; }
.fs-warning-slices { max-height: 96px; margin: 2px 0; overflow-y: auto; font-variant-numeric: tabular-nums; }
.fs-link-inline { display: inline; min-height: 24px; margin: 0; padding: 0 1px; }
.fs-hints b { font-weight: 600; }

.fs-settings > summary { list-style: none; }
.fs-settings > summary::-webkit-details-marker { display: none; }
.fs-settings[open] > summary .fs-icon { transform: rotate(180deg); }
.fs-settings-summary { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; text-align: right; font-size: 12px; line-height: 18px; color: var(--fs-text); }
.fs-settings[open] .fs-settings-summary { visibility: hidden; }
.fs-field { min-width: 0; display: flex; flex-direction: column; gap: 4px; }
.fs-field :is(label, legend) { color: var(--fs-soft); font-size: 12px; }
.fs-field legend { margin-bottom: 4px; }
.fs-input { width: 100%; height: 28px; padding: 0 8px; border: 1px solid var(--fs-edge); border-radius: 3px; background: var(--fs-back); color: var(--fs-text); color-scheme: dark; }
.fs-input::placeholder { color: var(--fs-dim); font-style: italic; opacity: 1; }
.fs-input[aria-invalid='true'] { border-color: hsl(0 80% 65%); }
.fs-range { display: flex; align-items: flex-start; gap: 10px; line-height: 28px; color: var(--fs-soft); }
.fs-range-end { flex: 1; display: flex; flex-direction: column; gap: 2px; }
.fs-link { align-self: flex-start; min-height: 24px; margin: 0 -2px; padding: 0 2px; border: 0; border-radius: 3px; background: none; color: var(--fs-link); font-size: 12px; line-height: 1.4; }
.fs-link:hover { text-decoration: underline; }
.fs-problem { color: hsl(0 90% 76%); font-size: 12px; }
.fs-problem:empty { display: none; }
.fs-choices { display: flex; gap: 4px 16px; }
.fs-choices .fs-choice, .fewshot .fs-section-body > .fs-choice { display: flex; align-items: center; gap: 6px; min-height: 24px; color: var(--fs-text); font-size: 13px; }
.fs-choice input { width: 14px; height: 14px; accent-color: var(--fs-high); color-scheme: dark; }

.fs-footer { position: sticky; bottom: 24px; z-index: 1; display: flex; flex-direction: column; gap: 8px; padding: 10px; background: var(--fs-card); border-top: 1px solid var(--fs-bar); }
.fs-button { display: flex; flex: 1; align-items: center; justify-content: center; gap: 8px; min-height: 32px; padding: 4px 12px; border: 1px solid var(--fs-link); border-radius: 4px; background: var(--fs-bar); color: var(--fs-text); }
.fs-button:hover { background: var(--fs-accent); }
.fs-button-primary { border-color: var(--fs-high); background: var(--fs-high); color: var(--fs-back); font-weight: 600; }
.fs-button-primary:hover { background: hsl(var(--highlight, 191 74% 63%) / 0.85); }
.fs-button[aria-disabled='true'] { border-color: var(--fs-edge); background: var(--fs-dark); color: var(--fs-pale); font-weight: 400; cursor: not-allowed; }
.fs-decision { display: flex; gap: 8px; }
.fs-decision .fs-button { min-width: 0; padding-inline: 6px; }
.fs-decision .fs-button-icon { flex: 0 0 34px; }
.fs-notice-text .fs-decision { margin-top: 8px; }
.fs-clean-up { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; }
.fs-clean-up .fs-button { min-width: 0; padding-inline: 6px; }
.fs-slice-line { display: flex; align-items: baseline; justify-content: space-between; gap: 8px; min-height: 24px; font-size: 12px; color: var(--fs-text); font-variant-numeric: tabular-nums; }
.fs-slice-line .fs-link { flex: none; align-self: auto; }
.fs-question { display: flex; flex-direction: column; gap: 8px; padding: 8px; border-left: 3px solid hsl(48 90% 68%); border-radius: 3px; background: var(--fs-bar); font-size: 12px; }
.fs-question .fs-icon { display: inline-block; vertical-align: -3px; color: hsl(48 90% 68%); }
.fs-links { display: flex; justify-content: space-between; gap: 8px; }
.fs-check { display: flex; align-items: center; gap: 6px; min-height: 24px; font-size: 12px; color: var(--fs-text); }
.fs-research { position: sticky; bottom: 0; z-index: 1; flex: none; height: 24px; margin-top: auto; padding: 4px 10px; background: var(--fs-back); color: var(--fs-soft); font-size: 11px; line-height: 16px; text-align: center; }
.fs-compute { color: var(--fs-soft); font-size: 11px; text-align: center; }
.fs-compute-ahead { display: block; }
.fs-reason { color: var(--fs-soft); font-size: 12px; }

.fs-notice { display: flex; gap: 8px; padding: 8px 10px; border-left: 3px solid var(--fs-high); background: var(--fs-bar); font-size: 12px; border-radius: 3px; }
.fs-notice > .fs-icon { margin-top: 1px; color: var(--fs-high); }
.fs-notice-text { flex: 1; min-width: 0; color: var(--fs-pale); overflow-wrap: anywhere; }
.fs-notice-message { color: var(--fs-text); }
.fs-notice-failure { border-left-color: hsl(0 85% 68%); background: hsl(0 55% 14%); }
.fs-notice-failure > .fs-icon { color: hsl(0 85% 72%); }
.fs-notice-success { border-left-color: hsl(150 60% 55%); background: hsl(165 60% 11%); }
.fs-notice-success > .fs-icon { color: hsl(150 60% 60%); }
.fs-icon-button { flex: none; display: flex; align-items: center; justify-content: center; width: 24px; height: 24px; padding: 0; border: 0; border-radius: 3px; background: none; color: var(--fs-pale); }
.fs-icon-button:hover { background: rgb(255 255 255 / 0.12); }

.fs-run, .fewshot .fs-review-head { padding: 12px 10px; background: var(--fs-card); }
.fs-review-head { display: flex; flex-direction: column; gap: 8px; }
.fs-review-head .fs-button { flex: none; }
.fs-choices { flex-wrap: wrap; }
.fs-run { padding-bottom: 0; }
.fs-run .fs-footer { margin: 0 -10px; }
.fs-phases { display: flex; flex-direction: column; gap: 12px; padding: 14px 0 16px; }
.fs-phases li { display: flex; gap: 10px; color: var(--fs-soft); }
.fs-phase-mark { display: flex; flex: none; align-items: center; justify-content: center; width: 20px; height: 20px; border: 1px solid var(--fs-dim); border-radius: 50%; font-size: 12px; line-height: 1; }
.fs-phase-mark .fs-icon { width: 12px; height: 12px; stroke-width: 2; }
.fs-phase-text { flex: 1; min-width: 0; }
.fs-phase-now { color: var(--fs-text) !important; }
.fs-phase-now .fs-phase-mark { border-color: var(--fs-high); background: var(--fs-high); color: var(--fs-back); font-weight: 600; }
.fs-phase-done .fs-phase-mark { border-color: var(--fs-high); color: var(--fs-high); }
.fs-phase-figures { display: flex; justify-content: space-between; gap: 8px; min-height: 17px; color: var(--fs-soft); font-size: 12px; font-variant-numeric: tabular-nums; }
.fs-bar { height: 6px; margin: 6px 0 4px; overflow: hidden; border-radius: 3px; background: var(--fs-dark); }
.fs-bar > span { display: block; height: 100%; border-radius: 3px; background: var(--fs-high); transition: width 0.2s linear; }
.fs-bar-unknown > span { width: 35%; animation: fs-slide 1.4s ease-in-out infinite alternate; }
@keyframes fs-slide { from { margin-left: 0; } to { margin-left: 65%; } }

${TASK_STYLES}${SHEET_STYLES}
@media (prefers-reduced-motion: reduce) {
  .fewshot *, .fewshot *::before, .fewshot *::after { animation: none !important; transition: none !important; }
  .fewshot .fs-bar-unknown > span { width: 100%; opacity: 0.4; }
}
@media (forced-colors: active) {
  .fewshot :is(.fs-cell, .fs-pin, .fs-swatch, .fs-current, .fs-bar > span) { forced-color-adjust: none; }
}
`);
