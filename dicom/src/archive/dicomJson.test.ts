import { datasetsOf, itemsOf, parseDicomJson, textOf } from './dicomJson';

const answer = {
  '00081199': {
    vr: 'SQ',
    Value: [{ '00081155': { vr: 'UI', Value: ['1.2.3 '] } }, { '00081155': { vr: 'UI' } }],
  },
  '00081197': { vr: 'US', Value: [272] },
};

test('one dataset or a list of them', () => {
  expect(parseDicomJson(JSON.stringify(answer))).toEqual([answer]);
  expect(parseDicomJson(JSON.stringify([answer, answer]))).toHaveLength(2);
  expect(parseDicomJson('null')).toEqual([]);
  expect(parseDicomJson('<html>502 Bad Gateway</html>')).toBeNull();
});

test('values and items, none where there are none', () => {
  const [first, second] = itemsOf(answer, '00081199');
  expect(textOf(first, '00081155')).toBe('1.2.3');
  expect(textOf(second, '00081155')).toBe('');
  expect(textOf(answer, '00081197')).toBe('272');
  expect(itemsOf(answer, '00081198')).toEqual([]);
});

test('an answer that is shaped otherwise has no values', () => {
  const odd = { '00081155': { Value: '1.2.3' }, '00081199': { Value: [null, 'text'] } };
  expect(textOf(odd, '00081155')).toBe('');
  expect(itemsOf(odd, '00081199')).toEqual([]);
  expect(datasetsOf([null, 'text', 3])).toEqual([]);
});
