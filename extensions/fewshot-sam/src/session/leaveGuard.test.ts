/** @jest-environment jsdom */
import { LeaveGuard } from './leaveGuard';

test('asks before the page is left while it is on, and tells', () => {
  const onLeave = jest.fn();
  const guard = new LeaveGuard(onLeave);
  const isAsked = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  expect(isAsked()).toBe(false);
  guard.set(true);
  guard.set(true);
  expect(isAsked()).toBe(true);
  expect(onLeave).toHaveBeenCalledTimes(1);
  guard.set(false);
  expect(isAsked()).toBe(false);
  expect(onLeave).toHaveBeenCalledTimes(1);
});
