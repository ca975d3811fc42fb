/** What a web server answered, whatever it was. */
export interface Answer {
  url: string;
  /** 0 when there was no answer. */
  status: number;
  /** Without parameters, in lower case; empty when there is none. */
  type: string;
  headers: Headers;
  bytes: Uint8Array;
  /** Why there was no answer; empty when there was one. */
  failure: string;
}

interface Question {
  method?: 'GET' | 'HEAD' | 'OPTIONS';
  accept?: string;
}

const TIMEOUT = 30_000;
const MOST_REDIRECTS = 5;

/** A viewer on a web server. It is read, never written to. */
export class Site {
  /** Of the viewer's start page, ending in a slash. */
  readonly base: URL;

  /**
   * @param url of the viewer
   * @param headers sent to the viewer's own origin, e.g. Authorization
   */
  constructor(
    url: URL,
    private readonly headers: Record<string, string> = {},
  ) {
    this.base = new URL('.', url);
  }

  isOwn(url: URL): boolean {
    return url.origin === this.base.origin;
  }

  /**
   * Asks, and once more when the connection breaks: a server closes those that were idle.
   *
   * @param place absolute, or relative to the start page
   */
  async get(place: string | URL, options?: Question): Promise<Answer> {
    const answer = await this.ask(place, options);
    return answer.status === 0 ? this.ask(place, options) : answer;
  }

  private async ask(
    place: string | URL,
    { method = 'GET', accept = '*/*' }: Question = {},
  ): Promise<Answer> {
    let url = new URL(place, this.base);
    try {
      const signal = AbortSignal.timeout(TIMEOUT);
      let response = await this.send(url, method, accept, signal);
      for (let redirects = 0; isRedirect(response); redirects++) {
        if (redirects === MOST_REDIRECTS) throw new Error(`more than ${MOST_REDIRECTS} redirects`);
        // `fetch` itself would send the headers along to another origin.
        url = new URL(response.headers.get('location')!, url);
        await response.body?.cancel();
        response = await this.send(url, method, accept, signal);
      }
      return {
        url: url.href,
        status: response.status,
        type: (response.headers.get('content-type') ?? '').split(';')[0].trim().toLowerCase(),
        headers: response.headers,
        bytes: new Uint8Array(await response.arrayBuffer()),
        failure: '',
      };
    } catch (error) {
      const { message, cause } = error as Error;
      const failure = cause instanceof Error && cause.message ? cause.message : message;
      const nothing = { status: 0, type: '', headers: new Headers(), bytes: new Uint8Array() };
      return { url: url.href, ...nothing, failure };
    }
  }

  /** Sends the user's headers to the viewer's own origin only. */
  private send(url: URL, method: string, accept: string, signal: AbortSignal): Promise<Response> {
    const headers = { accept, ...(this.isOwn(url) ? this.headers : {}) };
    return fetch(url, { method, headers, signal, redirect: 'manual' });
  }
}

function isRedirect({ status, headers }: Response): boolean {
  return [301, 302, 303, 307, 308].includes(status) && headers.has('location');
}

export function textOf({ bytes }: Answer): string {
  return new TextDecoder().decode(bytes);
}

/** The answer in words: `404`, `no answer (connect ECONNREFUSED)`. */
export function statusWords({ status, failure }: Answer): string {
  return status === 0 ? `no answer (${failure})` : String(status);
}
