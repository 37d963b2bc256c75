import { describe, expect, it } from 'vitest';

import { short, shortList } from '../src/names';
import { sentence } from '../src/words';

const LONG = 'W'.repeat(255);

describe('references', () => {
  it.each([
    ['churn@3', 'churn@3'],
    ['customer_churn_prediction@12', 'customer_churn_p…@12'],
    [`${LONG}@12`, 'WWWWWWWW…@12'],
    ['名前'.repeat(9) + '@champion', '名前名前名前名前…@champion']
  ])('keep their number in sight, however long the name is: %s', (ref, written) => {
    expect(short(ref, 16)).toBe(written);
  });

  it.each([
    [['churn@3', 'churn@5'], 'churn@3 / churn@5'],
    [[`${LONG}@3`, `${LONG}@5`], 'WWWW…@3 / @5'],
    [[`${LONG}@3`, 'churn@5'], 'WWWW…@3 / churn@5']
  ])('keep all their numbers in sight: %j', (refs, written) => {
    expect(shortList(refs, 16)).toBe(written);
  });
});

describe('sentences', () => {
  it.each([
    ['there is no model', 'There is no model'],
    ['this filter cannot be read', 'This filter cannot be read'],
    ["'churn' has no version 99", "'churn' has no version 99"],
    ['churn@1 is archived', 'churn@1 is archived'],
    ['thereabouts@1 is archived', 'thereabouts@1 is archived']
  ])('begin with a capital, unless with a name: %s', (text, written) => {
    expect(sentence(text)).toBe(written);
  });
});
