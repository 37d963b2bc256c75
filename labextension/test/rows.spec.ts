import { describe, expect, it, vi } from 'vitest';

import { PAGE, Rows, type Page } from '../src/registry/rows';

const settle = (): Promise<void> => new Promise(resolve => setTimeout(resolve));

/** A list of numbers on a server, with a record of what was asked. */
function numbers(total: number) {
  const list = { total, first: 0, asked: [] as number[], failing: false };
  const changed = vi.fn();
  const failed = vi.fn();
  const rows = new Rows<number>(
    async (offset): Promise<Page<number>> => {
      list.asked.push(offset);
      if (list.failing) {
        throw new Error('gone');
      }
      const count = Math.max(0, Math.min(PAGE, list.total - offset));
      return { rows: Array.from({ length: count }, (_, n) => list.first + offset + n), offset, total: list.total };
    },
    changed,
    failed
  );
  return { list, rows, changed, failed };
}

describe('Rows', () => {
  it('asks for the first page before it knows how many there are', async () => {
    const { list, rows } = numbers(10_000);
    expect(rows.total).toBeUndefined();
    rows.want(0, 5_000);
    await settle();
    expect(list.asked).toEqual([0]);
    expect([rows.total, rows.at(0), rows.at(PAGE)]).toEqual([10_000, 0, undefined]);
  });

  it('asks for each page once, as it comes into sight', async () => {
    const { list, rows } = numbers(10_000);
    rows.want(0, 10);
    await settle();
    rows.want(PAGE * 50 - 1, PAGE * 50 + 1);
    rows.want(PAGE * 50 - 1, PAGE * 50 + 1);
    await settle();
    rows.want(PAGE * 50 - 1, PAGE * 50 + 1);
    expect(list.asked).toEqual([0, PAGE * 49, PAGE * 50]);
    expect(rows.at(PAGE * 50)).toBe(PAGE * 50);
  });

  it('keeps the old rows until the new ones are there', async () => {
    const { list, rows } = numbers(3);
    rows.want(0, 2);
    await settle();
    list.first = 100;
    rows.renew();
    rows.want(0, 2);
    expect(rows.at(0)).toBe(0);
    await settle();
    expect(rows.at(0)).toBe(100);
  });

  it('drops what is beyond a shorter end', async () => {
    const { list, rows } = numbers(PAGE + 5);
    rows.want(0, 0);
    await settle();
    rows.want(PAGE, PAGE + 4);
    await settle();
    list.total = 2;
    rows.renew();
    rows.want(0, 1);
    await settle();
    expect([rows.total, rows.at(PAGE)]).toEqual([2, undefined]);
  });

  it('ignores an answer to what is no longer asked', async () => {
    const answers: ((page: Page<string>) => void)[] = [];
    const rows = new Rows<string>(() => new Promise(resolve => answers.push(resolve)), vi.fn(), vi.fn());
    rows.want(0, 0);
    rows.renew();
    rows.want(0, 0);
    answers[1]?.({ rows: ['new'], offset: 0, total: 1 });
    answers[0]?.({ rows: ['old'], offset: 0, total: 1 });
    await settle();
    expect(rows.at(0)).toBe('new');
  });

  it('tells of a failure once and asks again only after something changed', async () => {
    const { list, rows, failed } = numbers(5);
    list.failing = true;
    rows.want(0, 0);
    await settle();
    rows.want(0, 0);
    await settle();
    expect(failed).toHaveBeenCalledTimes(1);
    list.failing = false;
    rows.renew();
    rows.want(0, 0);
    await settle();
    expect(rows.at(0)).toBe(0);
  });

  it('finds a row among those that are here', async () => {
    const { rows } = numbers(10_000);
    rows.want(0, 0);
    await settle();
    expect(rows.indexOf(row => row === 42)).toBe(42);
    expect(rows.indexOf(row => row === 9_999)).toBe(-1);
  });
});
