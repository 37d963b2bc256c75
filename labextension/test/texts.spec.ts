import { describe, expect, it } from 'vitest';

import { registryLine, registryOf, USES_REGISTRY, withLine } from '../src/lines';
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

  // Each of these was given to the magic itself, which opened this registry.
  it.each([
    ['work/nb.ipynb', 'work/.nbregistry', '.nbregistry'],
    ['work/nb.ipynb', 'other/.nbregistry', '../other/.nbregistry'],
    ['work/nb.ipynb', 'work', './'],
    ['work/nb.ipynb', 'other team/.nbregistry', '"../other team/.nbregistry"'],
    ['nb.ipynb', 'accept', './accept'],
    ['nb.ipynb', 'trust/.nbregistry', './trust/.nbregistry'],
    ['nb.ipynb', '-x/.nbregistry', './-x/.nbregistry'],
    ['nb.ipynb', '--label', './--label'],
    ['nb.ipynb', 'file:x/.nbregistry', './file:x/.nbregistry'],
    ['work/nb.ipynb', 'work/~root/.nbregistry', '../work/~root/.nbregistry'],
    ['a/b c/nb.ipynb', 'a/b c/~/x/.nbregistry', '"../b c/~/x/.nbregistry"'],
    ['nb.ipynb', `it's/.nbregistry`, `"./it's/.nbregistry"`],
    ['nb.ipynb', 'say "x"/.nbregistry', '"./say \\"x\\"/.nbregistry"'],
    ['nb.ipynb', 'one\\"/.nbregistry', `'./one\\"/.nbregistry'`],
    ['nb.ipynb', 'b\\/.nbregistry', '"./b\\/.nbregistry"'],
    ['nb.ipynb', 'why?', '"./why?"'],
    ['nb.ipynb', 'a;#b', '"./a;#b"']
  ])('name another registry by its path from the notebook: %s, %s', (notebook, registry, path) => {
    const line = registryLine(notebook, registry);
    expect(line).toBe(`%registry ${path}`);
    expect([USES_REGISTRY.test(line), registryOf(line, notebook)]).toEqual([true, registry]);
  });

  it.each([
    ['nb.ipynb', '~root/.nbregistry'],
    ['nb.ipynb', '~/x/.nbregistry'],
    ['nb.ipynb', 'two\nlines/.nbregistry'],
    ['nb.ipynb', 'two\u2028lines/.nbregistry'],
    ['nb.ipynb', 'a\u202eb/.nbregistry'],
    ['nb.ipynb', 'b\\'],
    ['nb.ipynb', `"\\"'\\'/.nbregistry`]
  ])('are withheld where none would be read as what is meant: %s, %j', (notebook, registry) => {
    expect(registryLine(notebook, registry)).toBe('');
  });

  it.each([
    ['%registry accept/.nbregistry', 'work/accept/.nbregistry'],
    ['%registry ./accept/.nbregistry', 'work/accept/.nbregistry'],
    ['%registry "../x/.nbregistry"', 'x/.nbregistry'],
    ['%registry ../x/.nbregistry/', 'x/.nbregistry'],
    [`%registry '../it\\'s/.nbregistry'`, `it's/.nbregistry`],
    ['  %registry   ../x/.nbregistry ;  # the shared one', 'x/.nbregistry'],
    ['%registry ../../x/.nbregistry', '../x/.nbregistry'],
    ['%registry ~/x/.nbregistry', null],
    ['%registry ./~root/.nbregistry', null],
    ['%registry /x/.nbregistry', null],
    ['%registry file:x/.nbregistry', null],
    ['%registry s3://x/.nbregistry', null],
    ['%registry ../x/.nbregistry more', null],
    ['%registry ""', null]
  ])('are read as the registry they use: %s', (line, registry) => {
    expect(registryOf(line, 'work/nb.ipynb')).toBe(registry);
  });

  it.each([
    ['%registry ../b/.nbregistry', true],
    ['  %registry  "a b"', true],
    ['%registry trustworthy', true],
    ['%registry', false],
    ['%registry trust ed25519:00', false],
    ['%registry accept', false],
    ['%registry "accept"', false],
    ['%registry accept;', false],
    ['%registry accept/.nbregistry', true],
    ['# %registry x', false]
  ])('switch the registry or not: %s', (line, switches) => {
    expect(USES_REGISTRY.test(line)).toBe(switches);
  });
});
