/** An HTTP error response; the message is its body. */
export class HttpError extends Error {
  readonly status: number;
  /** Extra headers, e.g. `Allow` with 405. */
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.headers = headers;
  }
}
