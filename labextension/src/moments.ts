const STEPS: readonly [number, Intl.RelativeTimeFormatUnit][] = [
  [60, 'second'],
  [60, 'minute'],
  [24, 'hour'],
  [30, 'day'],
  [12, 'month'],
  [Infinity, 'year']
];
const written = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' });

/** Say how long ago something was, as people say it: "3 hr. ago". */
export function ago(at: string, now: number = Date.now()): string {
  const then = Date.parse(at);
  if (Number.isNaN(then)) {
    return '';
  }
  let amount = (then - now) / 1000;
  for (const [most, unit] of STEPS) {
    if (Math.abs(Math.round(amount)) < most) {
      return unit === 'second' ? 'just now' : written.format(Math.round(amount), unit);
    }
    amount /= most;
  }
  return '';
}
