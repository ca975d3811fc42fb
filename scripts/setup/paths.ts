import path from 'node:path';

/** Paths of everything that setup prepares, the build makes and the server serves. */
export interface Paths {
  root: string;
  viewer: string;
  demoStudy: string;
  archive: string;
  models: string;
  mobileSam: string;
  liteMedSam: string;
  plugins: string;
  appConfig: string;
}

/** @param root the repository's folder */
export function pathsIn(root: string): Paths {
  return {
    root,
    viewer: path.join(root, '.cache', 'viewer'),
    demoStudy: path.join(root, '.cache', 'demo-study'),
    archive: path.join(root, '.cache', 'archive'),
    models: path.join(root, 'public', 'models'),
    mobileSam: path.join(root, 'public', 'models', 'mobile-sam'),
    liteMedSam: path.join(root, 'public', 'models', 'lite-medsam'),
    plugins: path.join(root, 'dist', 'plugins', 'fewshot'),
    appConfig: path.join(root, 'platform-config', 'app-config.js'),
  };
}
