import path from 'node:path';

/** Where everything that set-up prepares, the build makes and the server serves lies. */
export interface Paths {
  root: string;
  viewer: string;
  demoStudy: string;
  archive: string;
  models: string;
  mobileSam: string;
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
    plugins: path.join(root, 'dist', 'plugins', 'fewshot'),
    appConfig: path.join(root, 'platform-config', 'app-config.js'),
  };
}
