import type { ModelRow, VersionRow } from '../api';
import type { Rows } from './rows';

/** A line of the tree; undefined where its row is still on the way. */
export type Item =
  | { kind: 'model'; index: number; row: ModelRow | undefined }
  | { kind: 'version'; index: number; name: string; row: VersionRow | undefined };

/** A model, or a version of it, wherever it stands. */
export interface Spot {
  name: string;
  ref: string | null;
}

/** What stands in the tree at a time: models, below each open one its versions. */
export class Tree {
  constructor(
    private readonly models: Rows<ModelRow>,
    private readonly versionsOf: (name: string) => Rows<VersionRow> | undefined
  ) {
    let start = 0;
    const count = models.total ?? 0;
    for (let index = 0; index < count; index++) {
      const name = models.at(index)?.name;
      const versions = name === undefined ? undefined : versionsOf(name);
      this.starts.push(start);
      // An open model whose versions are on their way has one line that says so.
      start += 1 + (versions ? (versions.total ?? 1) : 0);
    }
    this.length = start;
  }

  /** How many lines there are. */
  readonly length: number;

  /** The line at a place. */
  at(place: number): Item | undefined {
    if (place < 0 || place >= this.length) {
      return undefined;
    }
    const index = this.modelBefore(place);
    const row = this.models.at(index);
    const below = place - (this.starts[index] ?? 0) - 1;
    if (below < 0 || !row) {
      return { kind: 'model', index, row };
    }
    return { kind: 'version', index: below, name: row.name, row: this.versionsOf(row.name)?.at(below) };
  }

  /** The place where a spot is now; -1 if it is not in the tree, or not known to be. */
  placeOf(spot: Spot): number {
    const model = this.models.indexOf(row => row.name === spot.name);
    const start = this.starts[model];
    if (start === undefined || spot.ref === null) {
      return start ?? -1;
    }
    const below = this.versionsOf(spot.name)?.indexOf(row => row.ref === spot.ref) ?? -1;
    return below < 0 ? -1 : start + 1 + below;
  }

  /** See to it that the lines from `first` to `last` have their rows. */
  want(first: number, last: number): void {
    this.models.want(this.modelBefore(first), this.modelBefore(last));
    for (let index = this.modelBefore(first); index <= this.modelBefore(last); index++) {
      const name = this.models.at(index)?.name;
      const start = (this.starts[index] ?? 0) + 1;
      if (name !== undefined && last >= start) {
        this.versionsOf(name)?.want(Math.max(first, start) - start, last - start);
      }
    }
  }

  private modelBefore(place: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.starts[middle] ?? 0) <= place) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private readonly starts: number[] = [];
}

/** The spot of a line; null where its row is on the way. */
export function spotOf(item: Item | undefined): Spot | null {
  if (item?.kind === 'version') {
    return item.row ? { name: item.name, ref: item.row.ref } : null;
  }
  return item?.row ? { name: item.row.name, ref: null } : null;
}
