/**
 * Returns local date and time, as archives show them. Milliseconds distinguish objects to which an archive
 * assigned new UIDs.
 */
export function dateAndTime(now: Date): { date: string; time: string } {
  const pad = (value: number) => String(value).padStart(2, '0');
  return {
    date: `${now.getFullYear()}${pad(now.getMonth() + 1)}${pad(now.getDate())}`,
    time: `${pad(now.getHours())}${pad(now.getMinutes())}${pad(now.getSeconds())}.${String(now.getMilliseconds()).padStart(3, '0')}`,
  };
}
