/**
 * Characters that control a terminal or reorder its text: control characters (C0, DEL, C1), line and
 * paragraph separators, bidirectional controls, invisible characters and tags, and lone surrogates.
 */
const STEERING =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/**
 * Makes text from files, archives and command lines safe to print: characters that control the terminal
 * become `\uXXXX`, as in JSON.
 *
 * @param text one line; line breaks are escaped, too
 */
export function printable(text: string): string {
  return text.replace(STEERING, character =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

/**
 * Like `printable`, for text of several lines such as a report: keeps its line breaks. JSON stays valid.
 */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
