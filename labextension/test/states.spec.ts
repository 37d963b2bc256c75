import { act, createElement, type ReactElement } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { BrokenPage } from '../src/pages/brokenpage';
import type { Source } from '../src/pages/sections';
import { withKey } from '../src/registry/searching';
import { failure } from '../src/request';
import { Lack } from '../src/sidebar/states';

// What they are made of needs a browser.
vi.mock('@jupyterlab/ui-components', () => ({ Button: 'button' }));

let root: Root;
let node: HTMLElement;

function shown(element: ReactElement): string[] {
  act(() => root.render(element));
  return [...node.querySelectorAll('button')].map(button => button.textContent ?? '');
}

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  node = document.body.appendChild(document.createElement('div'));
  root = createRoot(node);
});

afterEach(() => {
  act(() => root.unmount());
  node.remove();
});

describe('a page that cannot be shown', () => {
  const missing = { ...failure('NotFound', "'churn' has no version 99"), nearest: ['churn@31'] };

  function page(kind: string, stamp: string, onOpen = vi.fn()): ReactElement {
    const source = { stamp, onOpen } as Partial<Source> as Source;
    return createElement(BrokenPage, { source, failure: { ...missing, kind }, onRetry: vi.fn() });
  }

  it.each([
    ['NotFound', 'a stamp', ['churn@31']],
    ['NotFound', '', ['churn@31', 'Try again']],
    ['StorageError', 'a stamp', ['churn@31', 'Try again']]
  ])('can be asked for again where that can help: %s, %j', (kind, stamp, buttons) => {
    expect(shown(page(kind, stamp))).toEqual(buttons);
  });

  it('opens what was probably meant', () => {
    const onOpen = vi.fn();
    shown(page('NotFound', 'a stamp', onOpen));
    act(() => node.querySelector('button')?.click());
    expect(onOpen).toHaveBeenCalledWith('churn@31');
  });
});

describe('a key that no version has', () => {
  it('can be replaced by one that was probably meant', () => {
    const onSearch = vi.fn();
    const lacking = { key: 'metrics.roc', nearest: ['metrics.roc_auc'] };
    const searchFor = (meant: string): string | null => withKey('metrics.roc > 0.5', lacking.key, meant);
    expect(shown(createElement(Lack, { lacking, searchFor, onSearch }))).toEqual(['metrics.roc_auc']);
    act(() => node.querySelector('button')?.click());
    expect(onSearch).toHaveBeenCalledWith('metrics.roc_auc > 0.5');
    expect(shown(createElement(Lack, { lacking, searchFor: () => null, onSearch }))).toEqual([]);
  });

  it.each([
    [
      'metrics.roc > 1 AND metrics.roc_auc > 1',
      'metrics.roc',
      'metrics.auc',
      'metrics.auc > 1 AND metrics.roc_auc > 1'
    ],
    ['metric."roc" > 1', 'metrics.roc', 'metrics.auc', null],
    ['metrics.roc > 1', 'metrics.roc', 'metrics.top/k', null]
  ])('is replaced only where it stands as it is: %s', (asked, key, meant, written) => {
    expect(withKey(asked, key, meant)).toBe(written);
  });
});
