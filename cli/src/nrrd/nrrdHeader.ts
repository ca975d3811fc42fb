import { FewshotError, RIGHT_ANGLE, type Triple, type VolumeGeometry } from 'fewshot-sam';
import type { VoxelType } from '../nifti/niftiHeader';

export interface NrrdHeader {
  type: VoxelType;
  little: boolean;
  encoding: 'raw' | 'gzip' | 'ascii';
  geometry: VolumeGeometry;
  /** Number of layers, interleaved voxel by voxel where `layersFirst`. */
  layers: number;
  layersFirst: boolean;
  /** Name of the file with the voxels, if it is another one. */
  dataFile?: string;
  byteSkip: number;
  lineSkip: number;
  /** Key/value pairs, e.g. those of 3D Slicer. */
  fields: ReadonlyMap<string, string>;
  /** Where the voxels begin in the file. */
  end: number;
  /** Sentences that continue after the name of the image. */
  notes: string[];
}

const TYPES: Record<VoxelType, string[]> = {
  int8: ['signed char', 'int8', 'int8_t'],
  uint8: ['uchar', 'unsigned char', 'uint8', 'uint8_t'],
  int16: ['short', 'short int', 'signed short', 'signed short int', 'int16', 'int16_t'],
  uint16: ['ushort', 'unsigned short', 'unsigned short int', 'uint16', 'uint16_t'],
  int32: ['int', 'signed int', 'int32', 'int32_t'],
  uint32: ['uint', 'unsigned int', 'uint32', 'uint32_t'],
  int64: ['longlong', 'long long', 'signed long long', 'int64', 'int64_t'],
  uint64: ['ulonglong', 'unsigned long long', 'uint64', 'uint64_t'],
  float32: ['float'],
  float64: ['double'],
};

/** Signs from a space's axes to left, posterior, superior. */
const SPACES: Record<string, Triple> = {
  'left-posterior-superior': [1, 1, 1],
  lps: [1, 1, 1],
  'right-anterior-superior': [-1, -1, 1],
  ras: [-1, -1, 1],
  'left-anterior-superior': [1, -1, 1],
  las: [1, -1, 1],
};

/** mm of a unit. */
const UNITS: Record<string, number> = { mm: 1, millimeter: 1, m: 1000, cm: 10, um: 1e-3, µm: 1e-3 };

/** Kinds of axes that hold space, and of those that hold layers of a segmentation. */
const SPATIAL = new Set(['domain', 'space', '???', 'none', '']);

/**
 * Reads the header of an NRRD file (teem.sourceforge.net/nrrd/format.html).
 *
 * @param name name of the image for the user; begins messages
 * @throws FewshotError `bad-input` when it is no NRRD file, or in a form that is not supported;
 *   `bad-geometry` when it is not a 3D volume at a known place
 */
export function readNrrdHeader(bytes: Uint8Array, name: string): NrrdHeader {
  const { lines, end } = headerLines(bytes);
  const refuse = (
    what: string,
    remedy = 'Export it from 3D Slicer again as NRRD, compressed with gzip or not.',
  ) => new FewshotError('bad-input', `${name} ${what}.`, remedy);
  if (!/^NRRD000\d$/.test(lines[0] ?? '')) throw refuse('is not an NRRD file');
  const header = new Map<string, string>();
  const fields = new Map<string, string>();
  for (const line of lines.slice(1)) {
    if (line.startsWith('#') || line === '') continue;
    const pair = /^(.*?):=(.*)$/s.exec(line);
    const field = /^([^:]+): ?(.*)$/s.exec(line);
    if (pair) fields.set(pair[1].trim(), unescaped(pair[2].trim()));
    else if (field) header.set(field[1].trim().toLowerCase().replace(/\s+/g, ' '), field[2].trim());
  }
  const get = (...names: string[]) =>
    names.map(each => header.get(each)).find(value => value !== undefined) ?? '';
  const typeName = get('type').toLowerCase();
  const type = (Object.keys(TYPES) as VoxelType[]).find(each => TYPES[each].includes(typeName));
  if (!type) throw refuse(`has voxels of the type "${typeName}"`);
  const encodingName = get('encoding').toLowerCase();
  const encoding = (
    { raw: 'raw', gzip: 'gzip', gz: 'gzip', ascii: 'ascii', text: 'ascii', txt: 'ascii' } as const
  )[encodingName];
  if (!encoding) throw refuse(`has the encoding "${encodingName}", which is not supported`);
  const sizes = get('sizes').split(/\s+/).map(Number);
  if (sizes.length !== Number(get('dimension')) || !sizes.every(size => size > 0)) {
    throw refuse(`has no valid sizes (${get('sizes')})`);
  }
  const endian = get('endian').toLowerCase();
  const isWide = !type.endsWith('int8');
  if (isWide && encoding !== 'ascii' && endian !== 'little' && endian !== 'big') {
    throw refuse('does not state the order of its bytes (endian)');
  }
  const dataFile = get('data file', 'datafile') || undefined;
  if (dataFile && /%|^LIST|\s\d+\s\d+/.test(dataFile)) {
    throw refuse('has its voxels in several files, which is not supported');
  }
  return {
    type,
    little: endian !== 'big',
    encoding,
    ...gridOf(header, sizes, name),
    dataFile,
    byteSkip: Number(get('byte skip', 'byteskip') || 0),
    lineSkip: Number(get('line skip', 'lineskip') || 0),
    fields,
    end,
  };
}

/** Splits off the header, which ends with an empty line. */
function headerLines(bytes: Uint8Array): { lines: string[]; end: number } {
  const lines: string[] = [];
  const decoder = new TextDecoder();
  let start = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== 10) continue;
    const line = decoder.decode(bytes.subarray(start, i)).replace(/\r$/, '');
    start = i + 1;
    if (line === '') return { lines, end: start };
    lines.push(line);
    if (lines.length === 1 && !line.startsWith('NRRD')) break;
  }
  return { lines, end: bytes.length };
}

const unescaped = (text: string) =>
  text.replace(/\\([n\\])/g, (_, letter) => (letter === 'n' ? '\n' : '\\'));

function gridOf(
  header: ReadonlyMap<string, string>,
  sizes: readonly number[],
  name: string,
): Pick<NrrdHeader, 'geometry' | 'layers' | 'layersFirst' | 'notes'> {
  const wrong = (what: string) =>
    new FewshotError(
      'bad-geometry',
      `${name} ${what}.`,
      'Give a 3D volume with space, space directions and space origin, as 3D Slicer writes it.',
    );
  const vectors = (header.get('space directions') ?? '').match(/none|\([^)]*\)/gi) ?? [];
  const kinds = (header.get('kinds') ?? '').toLowerCase().split(/\s+/);
  if (vectors.length !== sizes.length) throw wrong('has no space directions for each axis');
  const spatial = sizes
    .map((_, axis) => axis)
    .filter(axis => vectors[axis].toLowerCase() !== 'none');
  const others = sizes.map((_, axis) => axis).filter(axis => !spatial.includes(axis));
  if (spatial.length !== 3) throw wrong(`has ${spatial.length} spatial axes`);
  const odd = spatial.find(axis => !SPATIAL.has(kinds[axis] ?? ''));
  if (odd !== undefined) throw wrong(`has an axis of the kind ${kinds[odd]}`);
  if (others.length > 1 || (others.length === 1 && ![0, 3].includes(others[0]))) {
    throw wrong('has several axes that are not spatial');
  }
  const [other] = others;
  if (
    other !== undefined &&
    sizes[other] > 1 &&
    !['list', 'vector', ''].includes(kinds[other] ?? '')
  ) {
    throw wrong(`has an axis of the kind ${kinds[other]}, not one value for each voxel`);
  }
  const space = (header.get('space') ?? '').toLowerCase();
  const signs = SPACES[space];
  if (!signs) throw wrong(space ? `lies in the space "${space}"` : 'has no space');
  const units = [...(header.get('space units') ?? '').matchAll(/"([^"]*)"/g)].map(
    match => match[1],
  );
  const unit = units[0] ?? 'mm';
  if (units.some(each => each !== unit) || !Object.hasOwn(UNITS, unit)) {
    throw wrong(`has the space units ${units.join(', ')}`);
  }
  const mm = UNITS[unit];
  const vectorOf = (text: string) => {
    const values = text.replace(/[()]/g, '').split(',').map(Number);
    if (values.length !== 3 || !values.every(Number.isFinite)) {
      throw wrong(`has a vector that is not three numbers (${text})`);
    }
    return values.map((value, i) => value * signs[i] * mm + 0) as Triple;
  };
  const originText = header.get('space origin');
  if (!originText) throw wrong('has no space origin');
  const axes = spatial.map(axis => vectorOf(vectors[axis]));
  const spacing = axes.map(axis => Math.hypot(...axis)) as Triple;
  if (!spacing.every(size => size > 0)) throw wrong('has an axis without a length');
  const direction = [0, 1, 2].flatMap(row => axes.map((axis, i) => axis[row] / spacing[i]));
  const geometry: VolumeGeometry = {
    size: spatial.map(axis => sizes[axis]) as Triple,
    spacing,
    origin: vectorOf(originText),
    direction,
  };
  return {
    geometry,
    layers: other === undefined ? 1 : sizes[other],
    layersFirst: other === 0,
    notes: [
      ...(mm === 1 ? [] : [`is in ${unit}, which was converted to mm.`]),
      ...shearNote(direction),
    ],
  };
}

/** Says that axes are not at right angles, which ITK ignores. */
export function shearNote(direction: readonly number[]): string[] {
  const cosine = (a: number, b: number) =>
    Math.abs([0, 1, 2].reduce((sum, r) => sum + direction[3 * r + a] * direction[3 * r + b], 0));
  const worst = Math.max(cosine(0, 1), cosine(0, 2), cosine(1, 2));
  if (worst <= RIGHT_ANGLE) return [];
  const degrees = ((Math.asin(Math.min(1, worst)) * 180) / Math.PI).toFixed(1);
  return [`is sheared: its axes are ${degrees} degrees off right angles. It was read unchanged.`];
}
