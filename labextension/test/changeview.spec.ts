import { Notification } from '@jupyterlab/apputils';
import { act, createElement } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Api, Change, ChangeResult, Form } from '../src/api';
import { ChangeView } from '../src/changes/view';
import { failure, RegistryFailure } from '../src/request';

// What they are made of needs a browser.
vi.mock('@jupyterlab/apputils', () => ({ Notification: { success: vi.fn(), error: vi.fn() } }));
vi.mock('@jupyterlab/ui-components', () => ({
  Button: 'button',
  HTMLSelect: ({ options, ...rest }: { options: string[] }) =>
    createElement(
      'select',
      rest,
      options.map(option => createElement('option', { key: option }, option))
    )
}));
vi.mock('../src/pages/cards', () => ({ Cards: () => 'a card' }));

const field = (name: string, kind: Form['fields'][number]['kind']): Form['fields'][number] => ({
  name,
  label: name,
  value: '',
  kind,
  options: [],
  help: ''
});
const FORM: Form = {
  verb: 'tag',
  title: 'Tag',
  fields: [field('a', 'text'), field('b', 'paragraph'), field('c', 'choice')],
  needs_reason: false
};

let root: Root;
let node: HTMLElement;
let end: (error?: Error) => void;
const onMade = vi.fn();

function button(name: string): HTMLButtonElement {
  return [...node.querySelectorAll('button')].find(one => one.textContent === name) as HTMLButtonElement;
}

/** Confirm what was looked at; the change is on its way until `end`. */
async function confirmed(): Promise<void> {
  await act(async () => button('Dry run').click());
  await act(async () => button('Confirm').click());
}

beforeEach(() => {
  vi.clearAllMocks();
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  const api: Pick<Api, 'change'> = {
    change: async (_registry: string, change: Change, dryRun: boolean): Promise<ChangeResult> => {
      if (!dryRun) {
        await new Promise<void>((resolve, reject) => (end = error => (error ? reject(error) : resolve())));
      }
      return { card: '', applied: !dryRun, refused: false, change, line: '', seq: 1 };
    }
  };
  node = document.body.appendChild(document.createElement('div'));
  root = createRoot(node);
  const props = { api, registry: 'r', reference: 'churn@3', form: FORM, onOpen: vi.fn(), onMade, onClose: vi.fn() };
  act(() => root.render(createElement(ChangeView, props as never)));
});

afterEach(() => {
  act(() => root.unmount());
  node.remove();
});

describe('ChangeView', () => {
  it('cannot be edited or cancelled while the change is made', async () => {
    const fields = (): boolean[] =>
      [...node.querySelectorAll<HTMLInputElement>('input, textarea, select')].map(one => one.disabled);
    expect(fields()).toEqual([false, false, false, false]);
    await confirmed();
    expect(fields()).toEqual([true, true, true, true]);
    expect([button('Dry run').disabled, button('Cancel').disabled]).toEqual([true, true]);
    await act(async () => end(new RegistryFailure(failure('Refused', 'too late'))));
    expect(fields()).toEqual([false, false, false, false]);
    expect(node.textContent).toContain('too late');
  });

  it('tells what came of a change in its place', async () => {
    await confirmed();
    await act(async () => end());
    expect(button('Done')).toBeTruthy();
    expect(onMade).toHaveBeenCalledOnce();
    expect(Notification.success).not.toHaveBeenCalled();
  });

  it.each([
    [undefined, 'success', 'Tag churn@3: done'],
    [new RegistryFailure(failure('Refused', 'too late')), 'error', 'Tag churn@3: too late']
  ] as const)('tells what came of a change after it was closed', async (error, kind, told) => {
    await confirmed();
    act(() => root.unmount());
    await act(async () => end(error));
    expect(vi.mocked(Notification[kind]).mock.calls[0]?.[0]).toBe(told);
  });
});
