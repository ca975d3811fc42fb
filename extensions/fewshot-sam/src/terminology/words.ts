/** British and Latin spellings, as the list spells them. */
const SPELLINGS: [RegExp, string][] = [
  [/tumour/g, 'tumor'],
  [/haem/g, 'hem'],
  [/oedema/g, 'edema'],
  [/oesoph/g, 'esoph'],
  [/caec/g, 'cec'],
  [/coelia/g, 'celia'],
  [/grey/g, 'gray'],
  [/fibre/g, 'fiber'],
];

const IRREGULAR = new Map(
  Object.entries({
    vertebrae: 'vertebra',
    metastases: 'metastasis',
    metastatic: 'metastasis',
    thrombi: 'thrombus',
    emboli: 'embolus',
    testes: 'testis',
    ovaries: 'ovary',
    nuclei: 'nucleus',
    atria: 'atrium',
    bronchi: 'bronchus',
    teeth: 'tooth',
    feet: 'foot',
    calyces: 'calyx',
    femora: 'femur',
    diaphyses: 'diaphysis',
    phalanges: 'phalanx',
  }),
);

/** Singular of a word, by the endings that occur in anatomy: `pelvis` and `thymus` are no plurals. */
function singular(word: string): string {
  const known = IRREGULAR.get(word);
  if (known) return known;
  if (word.length < 4 || /(ss|us|is)$/.test(word)) return word;
  if (/(ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  return word.replace(/s$/, '');
}

/**
 * The words of a text in normal form: lower case, singular, American, without accents or punctuation.
 * `kidney_left`, `Left Kidneys` and `kidney, left` have the same words.
 */
export function wordsOf(text: string): string[] {
  let plain = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’]s\b/g, '');
  for (const [pattern, spelling] of SPELLINGS) plain = plain.replace(pattern, spelling);
  return plain
    .split(/[^a-z0-9]+/)
    .filter(word => word && word !== 'of' && word !== 'the')
    .map(singular);
}
