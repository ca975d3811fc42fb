import { createHash } from 'node:crypto';
import type { CohortSpec, Picture, ReportRow } from './rows';

/** Width of a picture on the page, CSS pixels. */
const PICTURE = 104;

const STYLE = `
:root{color-scheme:light dark;--line:#d0d7de;--dim:#59636e;--back:#fff;--raised:#f6f8fa;--text:#1f2328;--link:#0958b3;--look:#9a3412;--lookback:#fff1e8}
@media(prefers-color-scheme:dark){:root{--line:#3d444d;--dim:#9198a1;--back:#0d1117;--raised:#151b23;--text:#f0f6fc;--link:#6cb2ff;--look:#ffb77c;--lookback:#33210f}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1280px;padding:24px 20px 60px;background:var(--back);color:var(--text);font:14px/1.45 system-ui,-apple-system,"Segoe UI",sans-serif}
h1{font-size:22px;margin:0 0 2px}p{margin:0 0 12px}.dim{color:var(--dim)}
.counts{display:flex;flex-wrap:wrap;gap:8px;margin:14px 0}
.counts div{border:1px solid var(--line);border-radius:6px;padding:6px 12px;background:var(--raised)}
.counts b{font-size:18px;display:block;line-height:1.2}
form{display:flex;flex-wrap:wrap;gap:10px 16px;align-items:end;margin:0 0 14px;padding:10px 0;position:sticky;top:0;background:var(--back);border-bottom:1px solid var(--line);z-index:1}
label{display:grid;gap:2px;font-size:12px;color:var(--dim)}
select,input[type=search]{font:inherit;color:var(--text);background:var(--back);border:1px solid var(--line);border-radius:6px;padding:4px 8px;min-width:150px}
output{margin-left:auto;color:var(--dim)}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:600;font-size:12px;color:var(--dim);padding:4px 10px 6px;border-bottom:1px solid var(--line)}
td{padding:8px 10px;border-bottom:1px solid var(--line);vertical-align:top}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.picture{width:${PICTURE + 20}px}
svg{display:block;background:#000;border-radius:4px;max-height:${Math.round(PICTURE * 1.3)}px}
svg path{fill:none;stroke:#ffd166;stroke-width:1.5;vector-effect:non-scaling-stroke}
.look{display:inline-block;color:var(--look);background:var(--lookback);border-radius:4px;padding:1px 6px;font-weight:600}
.state{font-weight:600}.uid{font:12px/1.5 ui-monospace,Menlo,Consolas,monospace;word-break:break-all;color:var(--dim)}
.reason{max-width:44ch}a{color:var(--link)}tr[hidden]{display:none}
@media print{form{display:none}}`;

/** Shows the rows that match the filters; the only script of the page. */
const SCRIPT = `
'use strict';
const form = document.querySelector('form');
const rows = [...document.querySelectorAll('tbody tr')];
function filter() {
  const { state, task, look, search } = form.elements;
  const text = search.value.trim().toLowerCase();
  let shown = 0;
  for (const row of rows) {
    const { dataset } = row;
    row.hidden = !(
      (!state.value || dataset.state === state.value) &&
      (!task.value || dataset.task === task.value) &&
      (!look.value || dataset.look === look.value || (look.value === 'any' && dataset.look)) &&
      (!text || row.textContent.toLowerCase().includes(text))
    );
    if (!row.hidden) shown++;
  }
  form.querySelector('output').value = shown + ' of ' + rows.length + ' rows';
}
form.addEventListener('input', filter);
form.addEventListener('submit', event => event.preventDefault());
filter();
`;

/**
 * The report as one page that asks nothing of any server: pictures are in it, and its policy forbids all
 * else.
 *
 * @param rows in the order to look at them
 * @param viewer address of the viewer, for links
 */
export function reportPage(
  spec: CohortSpec,
  rows: readonly ReportRow[],
  viewer: string | undefined,
): string {
  const hash = createHash('sha256').update(SCRIPT).digest('base64');
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const states = [...new Set(rows.map(({ state }) => state))];
  const looks = [...new Set(rows.flatMap(({ look }) => (look ? [look] : [])))];
  const studies = new Set(rows.map(({ study }) => study)).size;
  const doubtful = rows.filter(({ look }) => look !== null).length;
  const counts = [
    [studies, studies === 1 ? 'study' : 'studies'],
    ...states.map(state => [rows.filter(row => row.state === state).length, state] as const),
    [doubtful, 'to look at'],
  ] as const;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Cohort ${escape(spec.id)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escape(spec.tasks.map(({ name }) => name).join(', '))}</h1>
<p class="dim">Cohort ${escape(spec.id)}, Few-shot SAM ${escape(spec.version)}, ${spec.method ? `method ${escape(spec.method)}` : 'each task by its own method'}. Made by software, not reviewed; not for diagnosis.</p>
<div class="counts">${counts.map(([count, name]) => `<div><b>${count}</b>${escape(name)}</div>`).join('')}</div>
<form>
${select('look', 'Look at this', [['', 'all rows'], ['any', 'to look at'], ...looks.map(plain)])}
${select('state', 'State', [['', 'all states'], ...states.map(plain)])}
${select('task', 'Structure', [['', 'all structures'], ...spec.tasks.map(({ sha256, name }) => [sha256, name] as const)])}
<label>Search<input type="search" name="search" placeholder="UID, date, reason"></label>
<output></output>
</form>
<table>
<thead><tr><th>Slice with the most</th><th>Structure and state</th><th class="number">Volume</th><th class="number">Expected Dice</th><th>Study</th><th>Reason and notes</th></tr></thead>
<tbody>
${rows.map(row => rowOf(row, viewer)).join('\n')}
</tbody>
</table>
<p class="dim">Expected Dice: of a task learned by heads, calibrated on slices that they did not learn from; of others, what their probabilities imply. It is not measured on these studies; images unlike those the task learned from can make it too high.</p>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function select(
  name: string,
  label: string,
  options: readonly (readonly [value: string, text: string])[],
): string {
  const each = options.map(
    ([value, text]) => `<option value="${escape(value)}">${escape(text)}</option>`,
  );
  return `<label>${label}<select name="${name}">${each.join('')}</select></label>`;
}

const plain = (value: string) => [value, value] as const;

function rowOf(row: ReportRow, viewer: string | undefined): string {
  const { state, task, look, volumeMl, expectedDice, study, studyDate, reason, notes } = row;
  const found = row.slices ? `${row.slicesWithStructure} of ${row.slices} slices` : '';
  const link = viewer && `<a href="${escape(viewerLink(viewer, row))}">Open in the viewer</a>`;
  const file = row.file && `<a href="${escape(row.file)}">SEG file</a>`;
  return [
    `<tr data-state="${state}" data-task="${escape(row.taskSha256)}" data-look="${look ?? ''}">`,
    `<td class="picture">${row.picture ? pictureSvg(row.picture, task) : ''}</td>`,
    `<td>${look ? `<span class="look">${look}</span><br>` : ''}${escape(task)}${look === state ? '' : `<br><span class="state">${state}</span>`}</td>`,
    `<td class="number">${volumeMl === null ? '' : `${escape(volumeText(volumeMl))} mL`}<br><span class="dim">${found}</span></td>`,
    `<td class="number">${expectedDice === null ? '' : expectedDice.toFixed(2)}</td>`,
    `<td>${escape(dateText(studyDate))}<br><span class="uid">${escape(study)}</span><br>${[link, file].filter(Boolean).join(' · ')}</td>`,
    `<td class="reason">${escape(reason ?? '')}${notes.map(note => `<br><span class="dim">${escape(note)}</span>`).join('')}</td>`,
    '</tr>',
  ].join('');
}

/**
 * Returns the address of the study in the viewer, in our mode, with the series that was segmented. OHIF 3.13
 * lists the SEG beside it, and loads it on a double click; no parameter makes it load one by itself.
 */
export function viewerLink(
  viewer: string,
  { study, series }: Pick<ReportRow, 'study' | 'series'>,
): string {
  const parameters = new URLSearchParams({ StudyInstanceUIDs: study });
  if (series) parameters.set('initialSeriesInstanceUID', series);
  return `${viewer.replace(/\/+$/, '')}/fewshot?${parameters}`;
}

function pictureSvg(picture: Picture, task: string): string {
  const { png, widthMm, heightMm, columns, rows, outline, slice } = picture;
  const height = Math.round((PICTURE * heightMm) / widthMm);
  const label = escape(`${task} on slice ${slice}`);
  return [
    `<svg role="img" aria-label="${label}" width="${PICTURE}" height="${height}" viewBox="0 0 ${columns} ${rows}" preserveAspectRatio="none">`,
    `<title>${label}</title>`,
    `<image href="data:image/png;base64,${png}" width="${columns}" height="${rows}" preserveAspectRatio="none"/>`,
    outline ? `<path d="${outline}"/>` : '',
    '</svg>',
  ].join('');
}

function volumeText(ml: number): string {
  return ml >= 100 ? ml.toFixed(0) : ml >= 10 ? ml.toFixed(1) : ml.toFixed(2);
}

function dateText(date: string): string {
  return date.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
