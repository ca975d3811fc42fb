/** Our icon: three slices, outlined on the outer two and found on the middle one. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#000" stroke-width="1.4"><rect x="2" y="4" width="5.5" height="16" rx="1.2"/><rect x="9.25" y="4" width="5.5" height="16" rx="1.2"/><rect x="16.5" y="4" width="5.5" height="16" rx="1.2"/><g fill="#000" stroke="none"><ellipse cx="4.75" cy="12" rx="1.5" ry="3"/><ellipse cx="19.25" cy="12" rx="1.5" ry="3"/></g><ellipse cx="12" cy="12" rx="1.3" ry="4" stroke-dasharray="1.5 1"/></svg>`;

const STYLE_ID = 'fewshot-icon';

const TAB = '[data-cy^="fewshot"][data-cy$="-btn"]';
/**
 * Where it is shown: on the toolbar's button, and on the panel's tab, open or folded away. A panel that is the only one
 * has no tab, but an arrow that folds it, whose `div` has a name of its own.
 */
const PICTURES = [
  '[data-cy="FewshotPropagate"] svg',
  `${TAB} > svg`,
  `${TAB} > div:not([data-cy]) > svg`,
];

/**
 * Shows our icon on our buttons. A prebuilt viewer takes icons only by the names of its own, so the style
 * masks the one that it draws there.
 */
export function addIcon(): void {
  if (document.getElementById(STYLE_ID)) return;
  const style = document.createElement('style');
  style.id = STYLE_ID;
  const mask = `url('data:image/svg+xml,${encodeURIComponent(ICON)}') center / contain no-repeat`;
  style.textContent = [
    `${PICTURES.join(', ')} { background: currentColor; -webkit-mask: ${mask}; mask: ${mask}; }`,
    `${PICTURES.map(picture => `${picture} > *`).join(', ')} { visibility: hidden; }`,
  ].join('\n');
  document.head.append(style);
}
