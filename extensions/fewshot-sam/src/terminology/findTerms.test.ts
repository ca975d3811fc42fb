import { findTerms, termForLabel } from './findTerms';
import { wordsOf } from './words';

describe('wordsOf', () => {
  it.each([
    ['Left Kidneys', ['left', 'kidney']],
    ['kidney_left', ['kidney', 'left']],
    ['Tumour, liver', ['tumor', 'liver']],
    ['Haemorrhage of the brain', ['hemorrhage', 'brain']],
    ['metastases', ['metastasis']],
    ['masses', ['mass']],
    ['Pelvis thymus calculus', ['pelvis', 'thymus', 'calculus']],
    ['Ménière', ['meniere']],
    [' ', []],
  ])('of %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });
});

describe('findTerms', () => {
  it.each([
    ['aorta', 'Aorta'],
    ['left femur', 'Left femur'],
    ['kidney left', 'Left kidney'],
    ['Kidneys', 'Kidney'],
    ['liver tumour', 'Liver tumor'],
    ['liver tumor', 'Liver tumor'],
    ['tumors of the liver', 'Liver tumor'],
    ['IVC', 'Inferior vena cava'],
    ['inferior vena cava', 'Inferior vena cava'],
    ['inf vena cav', 'Inferior vena cava'],
    ['L3', 'L3 vertebra'],
    ['lumbar vertebra 3', 'L3 vertebra'],
    ['third lumbar vertebra', 'L3 vertebra'],
    ['7th rib left', 'Left seventh rib'],
    ['rib 7', 'Seventh rib'],
    ['femoral head right', 'Right head of femur'],
    ['oesophagus', 'Esophagus'],
    ['brain haemorrhage', 'Brain hemorrhage'],
    ['both kidneys', 'Bilateral kidney'],
    ['left kidney cyst', 'Left kidney cyst'],
    ['pituitary gland', 'Pituitary'],
    ['gall bladder', 'Gallbladder'],
    ['atlas', 'C1 vertebra'],
    ['T1', 'T1 vertebra'],
    ['fat', 'Body fat'],
  ])('finds for %j %s first', (text, name) => {
    expect(findTerms(text)[0].name).toBe(name);
  });

  it('finds while the user types', () => {
    const text = 'left kidney';
    for (let length = 7; length <= text.length; length++) {
      const [first] = findTerms(text.slice(0, length));
      expect([text.slice(0, length), first.name]).toEqual([text.slice(0, length), 'Left kidney']);
    }
  });

  it('puts the structure before its sides, and both before what is in it', () => {
    expect(findTerms('kidney', 3).map(({ name }) => name)).toEqual([
      'Kidney',
      'Left kidney',
      'Right kidney',
    ]);
  });

  it('finds nothing for what is no term', () => {
    expect(findTerms('belly')).toEqual([]);
    expect(findTerms('Segment 1')).toEqual([]);
    expect(findTerms('  ')).toEqual([]);
  });

  it('is quick enough for each key press', () => {
    const texts = ['l', 'left', 'left kidney', 'tumor', 'vertebra', 'nothing like it'];
    texts.forEach(text => findTerms(text));
    // Of this process, and the quickest of several, so that a busy machine does not count.
    const best = Math.min(
      ...Array.from({ length: 20 }, () => {
        const start = process.cpuUsage();
        texts.forEach(text => findTerms(text));
        return process.cpuUsage(start).user / 1000 / texts.length;
      }),
    );
    expect(best).toBeLessThan(5);
  });
});

describe('termForLabel', () => {
  it.each([
    ['Liver', 'Liver'],
    ['kidney_left', 'Left kidney'],
    ['Left kidney', 'Left kidney'],
    ['LIVER TUMOURS', 'Liver tumor'],
    ['vertebrae_L3', 'L3 vertebra'],
    ['gluteus_maximus_right', 'Right gluteus maximus muscle'],
  ])('knows %j as %s', (label, name) => {
    expect(termForLabel(label)?.name).toBe(name);
  });

  it.each(['Segment 1', 'Live', 'Liver seg 4 follow-up', '', 'left', 'constructor'])(
    'does not know %j',
    label => {
      expect(termForLabel(label)).toBeNull();
    },
  );
});
