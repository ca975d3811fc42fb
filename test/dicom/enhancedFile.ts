import dcmjs, { type DcmjsDataset, type DcmjsElement } from 'dcmjs';

const ENHANCED: Record<string, string> = {
  CT: '1.2.840.10008.5.1.4.1.1.2.1',
  MR: '1.2.840.10008.5.1.4.1.1.4.1',
};
const UIDS = { instance: '2.25.880001', series: '2.25.880002', dimensions: '2.25.880003' };

/** What the functional groups say instead. */
const OF_A_FRAME = new Set([
  ...['00180050', '00200032', '00200037', '00280030', '00281052', '00281053', '00281054'],
]);

const firstOf = ({ Value }: DcmjsElement) => (Value as unknown[] | undefined)?.[0];
const sequence = (...items: DcmjsDataset[]) => ({ vr: 'SQ', Value: items });

export interface Rescale {
  slope: number;
  intercept: number;
}

/**
 * Single-frame CT or MR images as one enhanced multi-frame image, in the given order.
 *
 * @param files DICOM files of one series
 * @param rescaleOf of each frame; without it, what the files say, if they say anything
 */
export function enhancedFile(
  files: readonly Uint8Array[],
  rescaleOf?: (frame: number) => Rescale,
): Uint8Array {
  const images = files.map(file => dcmjs.data.DicomMessage.readFile(new Uint8Array(file).buffer));
  const [{ dict: first, meta }] = images;
  const { '00280030': spacing, '00180050': thickness } = first;
  const rest = Object.fromEntries(Object.entries(first).filter(([tag]) => !OF_A_FRAME.has(tag)));
  const sopClass = ENHANCED[String(firstOf(first['00080060']))];
  const groups = images.map(({ dict }, i) => frameGroups(dict, i + 1, rescaleOf?.(i)));
  const pixels = images.map(({ dict }) => firstOf(dict['7FE00010']) as ArrayBuffer);
  const isEncapsulated = String(firstOf(meta['00020010'])).startsWith('1.2.840.10008.1.2.4');
  const dict: DcmjsDataset = {
    ...rest,
    '00080008': { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY', 'VOLUME', 'NONE'] },
    '00080016': { vr: 'UI', Value: [sopClass] },
    '00080018': { vr: 'UI', Value: [UIDS.instance] },
    '0020000E': { vr: 'UI', Value: [UIDS.series] },
    '00200013': { vr: 'IS', Value: ['1'] },
    '00280008': { vr: 'IS', Value: [String(files.length)] },
    '00209221': sequence({ '00209164': { vr: 'UI', Value: [UIDS.dimensions] } }),
    '52009229': sequence({
      '00289110': sequence({ '00280030': spacing, ...(thickness && { '00180050': thickness }) }),
    }),
    '52009230': sequence(...groups),
    '7FE00010': isEncapsulated
      ? { vr: 'OB', Value: pixels }
      : { vr: 'OW', Value: [joined(pixels)] },
  };
  images[0].dict = dict;
  meta['00020002'] = { vr: 'UI', Value: [sopClass] };
  meta['00020003'] = { vr: 'UI', Value: [UIDS.instance] };
  return new Uint8Array(images[0].write({ fragmentMultiframe: false }));
}

function frameGroups(dict: DcmjsDataset, number: number, rescale?: Rescale): DcmjsDataset {
  const said = dict['00281053'] && { '00281053': dict['00281053'], '00281052': dict['00281052'] };
  const told = rescale && {
    '00281052': { vr: 'DS', Value: [String(rescale.intercept)] },
    '00281053': { vr: 'DS', Value: [String(rescale.slope)] },
  };
  const values = told ?? said;
  return {
    '00209111': sequence({ '00209157': { vr: 'UL', Value: [number] } }),
    '00209113': sequence({ '00200032': dict['00200032'] }),
    '00209116': sequence({ '00200037': dict['00200037'] }),
    ...(values && { '00289145': sequence({ ...values, '00281054': { vr: 'LO', Value: ['US'] } }) }),
  };
}

function joined(buffers: readonly ArrayBuffer[]): ArrayBuffer {
  const all = new Uint8Array(buffers.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const buffer of buffers) {
    all.set(new Uint8Array(buffer), at);
    at += buffer.byteLength;
  }
  return all.buffer;
}
