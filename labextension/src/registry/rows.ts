/** A page of a long list, as the server gives it. */
export interface Page<Row> {
  rows: Row[];
  offset: number;
  total: number;
}

export const PAGE = 100;

/**
 * The rows of a long list, fetched a page at a time as they come into sight.
 *
 * After `renew` the old rows stay until the new ones are there, so that nothing flickers and nothing moves.
 */
export class Rows<Row> {
  /**
   * @param fetch gives the page that begins at an offset
   * @param changed is called after rows came
   * @param failed is called with whatever was thrown instead
   */
  constructor(
    private readonly fetch: (offset: number) => Promise<Page<Row>>,
    private readonly changed: () => void,
    private readonly failed: (error: unknown) => void
  ) {}

  /** How many rows there are in all; undefined before the first answer. */
  get total(): number | undefined {
    return this.count;
  }

  at(index: number): Row | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Where the first row stands, of those that are here, that is the right one; -1 if none is. */
  indexOf(isRight: (row: Row) => boolean): number {
    for (const [page, rows] of this.pages) {
      const index = rows.findIndex(isRight);
      if (index >= 0) {
        return page * PAGE + index;
      }
    }
    return -1;
  }

  /** See to it that the rows from `first` to `last` are here, or on their way. */
  want(first: number, last: number): void {
    const end = this.count === undefined ? 0 : Math.min(last, this.count - 1);
    for (let page = Math.floor(Math.max(first, 0) / PAGE); page <= Math.floor(Math.max(end, 0) / PAGE); page++) {
      if (!this.fresh.has(page) && !this.asked.has(page)) {
        void this.load(page);
      }
    }
  }

  /** Ask again for what is in sight: the list may have changed. */
  renew(): void {
    this.generation++;
    this.fresh.clear();
    this.asked.clear();
  }

  private async load(page: number): Promise<void> {
    const { generation } = this;
    this.asked.add(page);
    try {
      const got = await this.fetch(page * PAGE);
      if (generation === this.generation) {
        this.asked.delete(page);
        this.fresh.add(page);
        this.pages.set(page, got.rows);
        this.count = got.total;
        this.dropBeyond(got.total);
        this.changed();
      }
    } catch (error) {
      if (generation === this.generation) {
        this.asked.delete(page);
        this.fresh.add(page); // not again before something changes
        this.failed(error);
      }
    }
  }

  private dropBeyond(total: number): void {
    for (const page of this.pages.keys()) {
      if (page * PAGE >= total) {
        this.pages.delete(page);
      }
    }
  }

  private count: number | undefined;
  private generation = 0;
  private readonly pages = new Map<number, Row[]>();
  private readonly fresh = new Set<number>();
  private readonly asked = new Set<number>();
}
