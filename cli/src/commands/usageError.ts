/** Wrong use of the command line, as opposed to bad input: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
