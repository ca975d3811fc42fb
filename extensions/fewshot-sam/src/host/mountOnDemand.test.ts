/** @jest-environment jsdom */
import { FewshotError } from 'fewshot-sam';
import { mountOnDemand, type Mount } from './mountOnDemand';

const shows =
  (text: string): Mount =>
  element => {
    const child = document.createElement('p');
    child.textContent = text;
    element.append(child);
    return () => child.remove();
  };
const settled = () => new Promise(resolve => setTimeout(resolve));

it('renders when the script is there, and removes it', async () => {
  const element = document.createElement('div');
  const remove = mountOnDemand(element, async () => shows('The panel'));
  expect(element.textContent).toBe('');
  await settled();
  expect(element.textContent).toBe('The panel');
  remove();
  expect(element.innerHTML).toBe('');
});

it('renders nothing if the script arrives after removal', async () => {
  const element = document.createElement('div');
  mountOnDemand(element, async () => shows('The panel'))();
  await settled();
  expect(element.innerHTML).toBe('');
});

it('says why it could not load the script, and tries again', async () => {
  const element = document.createElement('div');
  let tries = 0;
  const remove = mountOnDemand(element, async () => {
    if (++tries < 3)
      throw new FewshotError('plugin-altered', `Altered ${tries}.`, 'Copy it again.');
    return shows('The panel');
  });
  await settled();
  expect(element.querySelector('[role=alert]')?.textContent).toContain('Altered 1.Copy it again.');
  element.querySelector('button')!.click();
  await settled();
  expect(element.textContent).toContain('Altered 2.');
  expect(element.querySelectorAll('[role=alert]')).toHaveLength(1);
  element.querySelector('button')!.click();
  await settled();
  expect(element.textContent).toBe('The panel');
  remove();
  expect(element.innerHTML).toBe('');
});
