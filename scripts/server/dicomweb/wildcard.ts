/**
 * A wildcard match (PS3.4, C.2.2.2.4): `*` stands for any characters, `?` for one. A regular expression
 * would backtrack: with many `*`, one query would occupy the server for minutes. Here each part between
 * two `*` is looked for once, from left to right, so the time is at most text length x pattern length.
 *
 * @param ignoresCase as for person names
 */
export function wildcard(pattern: string, ignoresCase: boolean): (text: string) => boolean {
  const fold = (text: string) => [...(ignoresCase ? text.toLowerCase() : text)];
  const parts = pattern.split('*').map(fold);
  const [first] = parts;
  const last = parts[parts.length - 1];
  return text => {
    const characters = fold(text);
    if (parts.length === 1) {
      return characters.length === first.length && fits(characters, 0, first);
    }
    const end = characters.length - last.length;
    if (first.length > end || !fits(characters, 0, first) || !fits(characters, end, last)) {
      return false;
    }
    let at = first.length;
    for (const part of parts.slice(1, -1)) {
      while (at + part.length <= end && !fits(characters, at, part)) at++;
      if (at + part.length > end) return false;
      at += part.length;
    }
    return true;
  };
}

function fits(text: readonly string[], at: number, part: readonly string[]): boolean {
  return part.every((character, i) => character === '?' || character === text[at + i]);
}
