import { Notification } from '@jupyterlab/apputils';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { Commands } from '../src/commands';
import type { RegistryModel } from '../src/registry/model';

// What they are made of needs a browser.
vi.mock('@jupyterlab/apputils', () => ({ Notification: { warning: vi.fn() } }));
vi.mock('../src/icons', () => ({}));
vi.mock('../src/sidebar/items', () => ({}));

/** Commands in a notebook with one cell, and registries at these places; the first is the nearest. */
function commandsIn(path: string, cell: string, ...registries: string[]) {
  const insert = vi.fn();
  const lines = cell.split('\n');
  const notebooks = {
    path,
    isThere: true,
    contains: (line: string) => cell.includes(line),
    has: (line: RegExp) => lines.some(one => line.test(one)),
    lastLine: (line: RegExp) => lines.filter(one => line.test(one)).at(-1) ?? null,
    insert
  };
  const model = { places: { nearest: registries[0], all: registries.map(registry => ({ path: registry })) } };
  const app = { commands: { addCommand: vi.fn() } };
  const places = { openPage: vi.fn(), showSidebar: vi.fn() };
  return { commands: new Commands(app as never, model as RegistryModel, notebooks as never, places), insert };
}

beforeEach(() => {
  vi.clearAllMocks();
});

describe('Commands', () => {
  it('puts nothing into a notebook, and says so, where no line can name the registry', () => {
    const { commands, insert } = commandsIn('nb.ipynb', '%load_ext nbregistry', '.nbregistry', '~root/.nbregistry');
    commands.insert('%nbr load churn@1', '~root/.nbregistry');
    expect(insert).not.toHaveBeenCalled();
    expect(Notification.warning).toHaveBeenCalledWith(expect.stringContaining('~root/.nbregistry'), expect.anything());
  });

  it.each(['accept/.nbregistry', './accept/.nbregistry', '"accept/.nbregistry"', '../work/accept/.nbregistry'])(
    'knows the registry that a notebook uses by any spelling: %s',
    path => {
      const cell = `%load_ext nbregistry\n%registry ${path}`;
      const { commands, insert } = commandsIn('work/nb.ipynb', cell, 'work/.nbregistry', 'work/accept/.nbregistry');
      commands.insert('%nbr load churn@1', 'work/accept/.nbregistry');
      expect(insert).toHaveBeenLastCalledWith('%nbr load churn@1');
      commands.insert('%nbr load churn@1', 'work/.nbregistry');
      expect(insert).toHaveBeenLastCalledWith('%registry .nbregistry\n%nbr load churn@1');
    }
  );

  it('is not misled by a line that accepts a history', () => {
    const cell = '%load_ext nbregistry\n%registry accept';
    const { commands, insert } = commandsIn('nb.ipynb', cell, '.nbregistry', 'accept');
    commands.insert('%nbr load churn@1', 'accept');
    expect(insert).toHaveBeenCalledWith('%registry ./accept\n%nbr load churn@1');
  });
});
