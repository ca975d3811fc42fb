/** A request that gets an answer other than success; the message is the answer's body. */
export class HttpError extends Error {
  readonly status: number;
  /** Sent along, e.g. `Allow` with 405. */
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.headers = headers;
  }
}
