import { failed, ok, warning, type Check } from './check';
import { statusWords, textOf, type Site } from './site';

const REFUSED = [401, 403];

/** Checks whether the archive answers a search. Ignores the results. */
export async function searchCheck(site: Site, root: string): Promise<Check> {
  const name = 'Archive, search (QIDO-RS)';
  const url = new URL(`${root.replace(/\/$/, '')}/studies?limit=1`, site.base);
  const answer = await site.get(url, { accept: 'application/dicom+json' });
  if (REFUSED.includes(answer.status)) {
    return warning(
      name,
      `${url.origin}${url.pathname} requires a sign-in (${answer.status}), so it could not be checked.`,
      "Pass the viewer's credentials: --header 'Authorization: Bearer …'.",
    );
  }
  const isAnswer = answer.status === 204 || (answer.status === 200 && isRows(textOf(answer)));
  if (!isAnswer) {
    return failed(
      name,
      `${url.origin}${url.pathname} does not answer like an archive (${statusWords(answer)}).`,
      'Correct qidoRoot in app-config.js, or the proxy to the archive.',
    );
  }
  if (!site.isOwn(url)) {
    return warning(
      name,
      `It answers, but is on another origin, ${url.origin}.`,
      'Put it behind a proxy of the viewer’s web server, or let it send CORS and CORP headers and add it to connect-src.',
    );
  }
  return ok(name, 'It answers.');
}

/** Checks whether segmentations can be stored, as far as possible without writing. */
export async function storeCheck(site: Site, root: string): Promise<Check> {
  const name = 'Archive, store (STOW-RS)';
  const url = new URL(`${root.replace(/\/$/, '')}/studies`, site.base);
  const answer = await site.get(url, { method: 'OPTIONS' });
  const methods = ['allow', 'access-control-allow-methods']
    .map(header => answer.headers.get(header) ?? '')
    .join(',');
  if (/\bPOST\b/i.test(methods)) return ok(name, 'It accepts POST.');
  if (methods.replace(/,/g, '').trim() !== '') {
    return failed(
      name,
      `${url.pathname} accepts ${methods.replace(/^,|,$/g, '')}, not POST.`,
      'Enable STOW-RS in the archive and in the proxy in front of it; until then, results can be downloaded.',
    );
  }
  return warning(
    name,
    `It does not say what it accepts (${statusWords(answer)} to OPTIONS), and nothing was written to find out.`,
    'Store a segmentation of a test patient once.',
  );
}

function isRows(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
