/**
 * An error that the user can fix. `message` says what was wrong, with the value; `remedy` says what to do.
 */
export class UserError extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UserError';
    this.remedy = remedy;
  }
}

/** Formats an error as one line for the terminal, without stack trace or line breaks. */
export function describeFailure(error: unknown): string {
  const { message, remedy } = asUserError(error);
  return `${message} ${remedy}`.replace(/\s+/g, ' ').trim();
}

function asUserError(error: unknown): { message: string; remedy: string } {
  if (error instanceof Error && 'remedy' in error && typeof error.remedy === 'string') {
    return { message: error.message, remedy: error.remedy };
  }
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === 'ENOSPC') {
    return { message: 'The disk is full.', remedy: 'Free some space and start again.' };
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return {
      message: `No permission: ${message}.`,
      remedy: 'Start again from a writable folder.',
    };
  }
  return {
    message: `Unexpected error: ${message ?? String(error)}.`,
    remedy: 'Please report this line as an issue.',
  };
}
