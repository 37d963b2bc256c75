import { describe, expect, it } from 'vitest';

import { registryLine, USES_REGISTRY, withLine } from '../src/lines';
import { ago } from '../src/moments';

const NOW = Date.parse('2026-11-22T12:00:00Z');

describe('ago', () => {
  it.each([
    ['2026-11-22T11:59:40Z', /^just now$/],
    ['2026-11-22T11:15:00Z', /^45m(in)? ago$/],
    ['2026-11-22T09:00:00Z', /^3h ago$/],
    ['2026-11-21T09:00:00Z', /^yesterday$/],
    ['2026-10-01T09:00:00Z', /^2mo ago$/],
    ['2020-10-01T09:00:00Z', /^6y ago$/],
    ['no time', /^$/]
  ])('says how long %s is ago', (at, said) => {
    expect(ago(at, NOW)).toMatch(said);
  });
});

describe('lines for a notebook', () => {
  it('stand on a line of their own', () => {
    expect(withLine('', '%versions churn')).toBe('%versions churn');
    expect(withLine('x = 1\n\n', '%versions churn')).toBe('x = 1\n%versions churn');
  });

  it('name another registry by its path from the notebook', () => {
    expect(registryLine('work/nb.ipynb', 'work/.nbregistry')).toBe('%registry .nbregistry');
    expect(registryLine('work/nb.ipynb', 'other team/.nbregistry')).toBe('%registry "../other team/.nbregistry"');
  });

  it.each([
    ['%registry ../b/.nbregistry', true],
    ['  %registry  "a b"', true],
    ['%registry trustworthy', true],
    ['%registry', false],
    ['%registry trust ed25519:00', false],
    ['%registry accept', false],
    ['# %registry x', false]
  ])('switch the registry or not: %s', (line, switches) => {
    expect(USES_REGISTRY.test(line)).toBe(switches);
  });
});
