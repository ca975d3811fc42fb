/** The relevant part of a viewer's `app-config.js`, which is read as text and never run. */
export interface AppConfig {
  /** URLs of scripts loaded as modes or extensions. */
  scripts: string[];
  /** Distinct roots. */
  qidoRoots: string[];
  /** Where segmentations are stored: STOW-RS goes to the root that images come from. */
  wadoRoots: string[];
}

/** Extracts scripts and archives. @param text content of app-config.js */
export function readAppConfig(text: string): AppConfig {
  const code = withoutComments(text);
  const strings = [...code.matchAll(/(['"`])((?:(?!\1)[^\\\n])*)\1/g)].map(([, , value]) => value);
  return {
    scripts: strings.filter(value => /\.m?js(\?.*)?$/.test(value)),
    qidoRoots: valuesOf(code, 'qidoRoot'),
    wadoRoots: valuesOf(code, 'wadoRoot'),
  };
}

/** Removes comments, except what looks like one inside a string (`https://…`). */
function withoutComments(text: string): string {
  return text.replace(
    /(['"`])(?:\\.|(?!\1)[^\\\n])*\1|\/\*[^]*?\*\/|\/\/[^\n]*/g,
    (match, quote: string | undefined) => (quote ? match : ''),
  );
}

function valuesOf(code: string, property: string): string[] {
  const pattern = new RegExp(`\\b${property}['"]?\\s*:\\s*(['"\`])([^'"\`]+)\\1`, 'g');
  return [...new Set([...code.matchAll(pattern)].map(([, , value]) => value))];
}
