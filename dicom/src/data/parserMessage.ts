/** Returns the message of an error of dicom-parser, which throws strings, errors, and objects with either. */
export function parserMessage(error: unknown): string {
  const inner = (error as { exception?: unknown } | null)?.exception ?? error;
  const text = inner instanceof Error ? inner.message : String(inner);
  return text.replace(/^dicomParser\.\w+: /, '').replace(/\.$/, '');
}
