import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decode, encode } from 'fast-png';

interface Labeled {
  image: string;
  labels: string;
}

interface ImageCase {
  id: string;
  few_shot: Labeled[];
  test: Labeled[];
  label: number[];
}

/** Micrographs of rats 1 to 4 are learned from, those of rats 5 to 8 are tested. */
const LEARNED_RATS = [
  'sub-rat1_sample-data1',
  'sub-rat2_sample-data5',
  'sub-rat3_sample-data10',
  'sub-rat3_sample-data11',
  'sub-rat4_sample-data12',
];
const TESTED_RATS = [
  'sub-rat5_sample-data14',
  'sub-rat6_sample-data15',
  'sub-rat7_sample-Maxo03img60',
  'sub-rat8_sample-V915',
];
/** Of 9 images of nuclei, those that are tested. */
const TESTED_OF_NINE = [1, 3, 5, 7];

/**
 * Cases of electron microscopy and of nuclei. Micrographs are few and large, so their quarters are the images,
 * written to a folder; those of a rat are only learned from or only tested.
 *
 * @param data folder of the data sets
 */
export async function imageCases(data: string, folder: string): Promise<ImageCase[]> {
  const quarters = async (names: readonly string[]): Promise<Labeled[][]> => {
    const all: Labeled[][] = [];
    for (const name of names)
      all.push(await quartersOf(path.join(data, 'em_axon_myelin'), name, folder));
    return all;
  };
  const learned = await quarters(LEARNED_RATS);
  // One of each rat, another quarter each time.
  const tested = (await quarters(TESTED_RATS)).map((all, i) => all[i]);
  const em = [
    ['axon', 1],
    ['myelin', 2],
  ] as const;
  const nuclei = (await readdir(path.join(data, 'microscopy_nuclei')))
    .flatMap(file => /^(.*)_image\.png$/.exec(file)?.[1] ?? [])
    .sort()
    .map(name => ({
      image: path.join('microscopy_nuclei', `${name}_image.png`),
      labels: path.join('microscopy_nuclei', `${name}_mask.png`),
    }));
  const isTested = (i: number) => TESTED_OF_NINE.includes(i % 9);
  const cells = nuclei.filter((_, i) => !isTested(i));
  const test = nuclei.filter((_, i) => isTested(i));
  return [
    ...em.flatMap(([name, value]): ImageCase[] => [
      {
        id: `em/${name}/5`,
        few_shot: learned.map(([first]) => first),
        test: tested,
        label: [value],
      },
      { id: `em/${name}/20`, few_shot: learned.flat(), test: tested, label: [value] },
    ]),
    { id: 'nuclei/5', few_shot: cells.filter((_, i) => i % 4 === 2), test, label: [1] },
    { id: 'nuclei/20', few_shot: cells, test, label: [1] },
  ];
}

async function quartersOf(from: string, name: string, folder: string): Promise<Labeled[]> {
  const quarters: Labeled[] = [];
  for (const quarter of [0, 1, 2, 3]) {
    const paths = ['image', 'labels'].map(part =>
      path.join(folder, `${name}_${quarter}_${part}.png`),
    );
    quarters.push({ image: paths[0], labels: paths[1] });
  }
  for (const part of ['image', 'labels'] as const) {
    const { width, height, data } = decode(
      await readFile(path.join(from, `${name}_SEM_${part}.png`)),
    );
    const [columns, rows] = [Math.floor(width / 2), Math.floor(height / 2)];
    for (const [quarter, paths] of quarters.entries()) {
      const [row, column] = [rows * (quarter >> 1), columns * (quarter & 1)];
      const cut = new Uint8Array(rows * columns);
      for (let r = 0; r < rows; r++) {
        const start = (row + r) * width + column;
        cut.set(data.subarray(start, start + columns), r * columns);
      }
      const png = encode({ width: columns, height: rows, data: cut, depth: 8, channels: 1 });
      await writeFile(paths[part], png);
    }
  }
  return quarters;
}
