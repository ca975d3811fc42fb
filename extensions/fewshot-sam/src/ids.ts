/** Name of the panel inside this extension. */
export const PANEL_NAME = 'fewshot';
