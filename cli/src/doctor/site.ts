/** The answer of a web server, of any status. */
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

/** Read-only access to a viewer on a web server. */
export class Site {
  /** URL of the viewer's start page, ending in a slash. */
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
   * Sends a request, and repeats it once if the connection breaks: servers close idle connections.
   *
   * @param place absolute, or relative to the start page
   */
  async get(place: string | URL, options?: Question): Promise<Answer> {
    const answer = await this.ask(place, options);
    return answer.status === 0 ? this.ask(place, options) : answer;
  }

  /**
   * Follows redirects manually, because `fetch` sends a header such as X-Api-Key to any origin that a
   * server redirects to. Ours go only to the viewer's own origin, with the same scheme and port.
   */
  private async follow(start: URL, method: string, accept: string): Promise<Response> {
    const signal = AbortSignal.timeout(TIMEOUT);
    let url = start;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const headers = { accept, ...(this.isOwn(url) ? this.headers : {}) };
      const response = await fetch(url, { method, headers, signal, redirect: 'manual' });
      const location = response.headers.get('location');
      if (!REDIRECTS.includes(response.status) || location === null) return response;
      await response.body?.cancel();
      const next = new URL(location, url);
      if (url.protocol === 'https:' && next.protocol !== 'https:') {
        throw new Error(`redirected from https to ${next.protocol}//${next.host}`);
      }
      url = next;
    }
    throw new Error(`more than ${MOST_REDIRECTS} redirects`);
  }

  private async ask(
    place: string | URL,
    { method = 'GET', accept = '*/*' }: Question = {},
  ): Promise<Answer> {
    const url = new URL(place, this.base);
    try {
      const response = await this.follow(url, method, accept);
      return {
        url: response.url,
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
}

/** Redirect statuses (RFC 9110, 15.4). */
const REDIRECTS = [301, 302, 303, 307, 308];
const MOST_REDIRECTS = 10;

export function textOf({ bytes }: Answer): string {
  return new TextDecoder().decode(bytes);
}

/** Describes the status of an answer: `404`, `no answer (connect ECONNREFUSED)`. */
export function statusWords({ status, failure }: Answer): string {
  return status === 0 ? `no answer (${failure})` : String(status);
}
