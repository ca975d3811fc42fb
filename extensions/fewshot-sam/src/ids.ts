import { name } from '../package.json';

/** OHIF requires the extension id to equal the package name. */
export const id: string = name;

/** Name of the panel inside this extension. */
export const PANEL_NAME = 'fewshot';
