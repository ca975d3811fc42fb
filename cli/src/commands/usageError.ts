/** Wrong use of the command line, as opposed to a wrong input: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
