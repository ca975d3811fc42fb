/** @jest-environment jsdom */
import type { Services } from './ohif';
import { addTour, routeOf } from './tour';

/** What the viewer's list of tours becomes. */
function toursAfter(before: unknown[] | undefined): { id: string; route: string }[] {
  let after: unknown;
  const setCustomizations = (all: Record<string, unknown>) => {
    const { $apply } = all['ohif.tours'] as { $apply(tours?: unknown[]): unknown };
    after = $apply(before);
  };
  addTour({ customizationService: { setCustomizations } } as Partial<Services> as Services);
  return after as { id: string; route: string }[];
}

it('finds the route wherever the viewer lies, and with a data source', () => {
  expect(routeOf('/fewshot')).toBe('/fewshot');
  expect(routeOf('/viewer/fewshot/archive')).toBe('/fewshot/archive');
});

it('comes after the tours of the viewer, also where there are none', () => {
  window.history.replaceState(null, '', '/ohif/fewshot');
  const [first, ours] = toursAfter([{ id: 'basicViewerTour' }]);
  expect(first).toEqual({ id: 'basicViewerTour' });
  expect(ours).toMatchObject({ id: 'fewshotTour', route: '/fewshot' });
  expect(toursAfter(undefined)).toHaveLength(1);
});

it('stays away where a site has emptied the list', () => {
  expect(toursAfter([])).toEqual([]);
});
