import { readAppConfig } from './appConfig';
import { searchCheck, storeCheck } from './archiveChecks';
import { warning, type Check } from './check';
import { configCheck, filesCheck, modelCheck, reachableCheck } from './fileChecks';
import { isolationCheck, policyCheck, secureCheck, versionCheck } from './pageChecks';
import { Site, textOf } from './site';

/**
 * Checks a viewer with the plug-in from outside, like a browser. Writes nothing, and shows nothing of the
 * archive's content.
 *
 * @param url of the viewer
 * @param headers that the viewer's own origin requires, e.g. Authorization
 * @param version of this command
 */
export async function examine(
  url: URL,
  headers: Record<string, string>,
  version: string,
): Promise<Check[]> {
  const site = new Site(url, headers);
  const page = await site.get('./', { accept: 'text/html' });
  const viewer = await versionCheck(site, page);
  if (viewer.state === 'failed' && page.status !== 200) return [viewer];

  const config = await site.get('app-config.js');
  const { scripts, qidoRoots, wadoRoots } = readAppConfig(textOf(config));
  const { check, folder } = configCheck(site, config, scripts);
  const checks = [viewer, check];
  if (folder) {
    const reachable = await reachableCheck(site, folder);
    checks.push(reachable);
    if (reachable.state !== 'failed') {
      checks.push(...(await filesCheck(site, folder, version)), await modelCheck(site, folder));
    }
  }
  const worker = folder ? await site.get(new URL('worker.js', folder)) : page;
  checks.push(secureCheck(site), isolationCheck(page, worker), policyCheck(site, page, worker));
  for (const root of qidoRoots) checks.push(await searchCheck(site, root));
  for (const root of wadoRoots) checks.push(await storeCheck(site, root));
  if (qidoRoots.length === 0) {
    checks.push(
      warning(
        'Archive',
        'app-config.js names no DICOMweb archive in plain text.',
        'Ignore this if the viewer gets its archive in another way.',
      ),
    );
  }
  return checks;
}

const SIGNS: Record<Check['state'], string> = {
  ok: 'ok     ',
  warning: 'warning',
  failed: 'FAILED ',
};

/** Formats the findings for people, one paragraph each, with the outcome in the last line. */
export function examinationText(checks: readonly Check[]): string {
  const paragraphs = checks.map(({ name, state, found, remedy }) =>
    [`${SIGNS[state]} ${name}: ${found}`, ...(remedy ? [`        ${remedy}`] : [])].join('\n'),
  );
  const count = (state: Check['state']) => checks.filter(check => check.state === state).length;
  const outcome = count('failed')
    ? `${count('failed')} of ${checks.length} checks failed.`
    : count('warning')
      ? `It works; ${count('warning')} of ${checks.length} checks have advice.`
      : 'All checks passed.';
  return `${[...paragraphs, outcome].join('\n')}\n`;
}
