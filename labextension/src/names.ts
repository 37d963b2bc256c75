/** The model in a reference. */
export function nameOf(ref: string): string {
  return ref.slice(0, ref.lastIndexOf('@'));
}

/** What comes after the model in a reference: a number, or an alias. */
export function numberOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('@') + 1);
}

/** Capitals, and letters of scripts that have none, take about twice the room of small ones. */
const WIDE = /[\p{Lu}\p{Lo}\p{So}]/u;

/** Write a reference so that its number is in sight where there is room for so many small letters of the name. */
export function short(ref: string, room: number): string {
  const name = [...nameOf(ref)];
  let left = room;
  const end = name.findIndex(letter => (left -= WIDE.test(letter) ? 2 : 1) < 0);
  return end < 0 ? ref : `${name.slice(0, end).join('')}…@${numberOf(ref)}`;
}

/** Write references on one line so that all their numbers are in sight; a long name that all have stands there once. */
export function shortList(refs: readonly string[], room: number): string {
  const share = Math.floor(room / refs.length);
  const isRepeated = (ref: string, place: number): boolean =>
    place > 0 && nameOf(ref) === nameOf(refs[place - 1] ?? '');
  return refs
    .map((ref, place) => [ref, short(ref, share), isRepeated(ref, place)] as const)
    .map(([ref, written, repeated]) => (repeated && written !== ref ? `@${numberOf(ref)}` : written))
    .join(' / ');
}
