/** A key that stands in a filter as it is; others want quotes. */
const PLAIN = /^[\w.]+$/;

/** What is searched for, with one key in the place of another; null where it cannot be put there as it is. */
export function withKey(asked: string, key: string, meant: string): string | null {
  if (!PLAIN.test(key) || !PLAIN.test(meant)) {
    return null;
  }
  const replaced = asked.replace(new RegExp(`(?<![\\w.])${key.replaceAll('.', '\\.')}(?![\\w.])`, 'g'), meant);
  return replaced === asked ? null : replaced;
}
