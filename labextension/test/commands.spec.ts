import { Notification } from '@jupyterlab/apputils';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { CommandIDs, Commands } from '../src/commands';
import { askForPath } from '../src/pathdialog';
import type { RegistryModel } from '../src/registry/model';
import { versionRow } from './fakes';

// What they are made of needs a browser.
vi.mock('@jupyterlab/apputils', () => ({ Notification: { warning: vi.fn() } }));
vi.mock('../src/icons', () => ({}));
vi.mock('../src/pathdialog', () => ({ askForPath: vi.fn(async () => null) }));

interface Options {
  label: (args: object) => string;
  isEnabled: (args: object) => boolean;
  isVisible: (args: object) => boolean;
  execute: (args: object) => unknown;
}

/** Commands in a notebook with one cell, and registries at these places; the first is the nearest. */
function commandsIn(path: string, cell: string, ...registries: string[]) {
  const insert = vi.fn();
  const lines = cell.split('\n');
  const notebooks = {
    path,
    isThere: path !== '',
    contains: (line: string) => cell.includes(line),
    has: (line: RegExp) => lines.some(one => line.test(one)),
    lastLine: (line: RegExp) => lines.filter(one => line.test(one)).at(-1) ?? null,
    insert
  };
  const known = {
    nearest: registries[0] ?? null,
    all: registries.map(registry => ({ path: registry })),
    refresh: vi.fn(async () => undefined)
  };
  const rows = new Map([
    ['churn@1', { ...versionRow('churn', 1), aliases: [{ name: 'champion', stray: false }] }],
    ['churn@2', versionRow('churn', 2)]
  ]);
  const model = {
    places: known,
    path: 'in the sidebar',
    active: null as { name: string; ref: string } | null,
    isReadOnly: (registry: string) => registry === 'read-only',
    rowOf: (ref: string) => rows.get(ref) ?? null
  };
  const added = new Map<string, Options>();
  const app = { commands: { addCommand: (id: string, options: Options) => added.set(id, options) } };
  const places = { openPage: vi.fn(), showSidebar: vi.fn() };
  const commands = new Commands(app as never, model as unknown as RegistryModel, notebooks as never, places);
  const command = (id: string): Options => added.get(id) as Options;
  return { commands, insert, command, model, opened: places.openPage, known };
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

  describe('open a reference in the output of a notebook', () => {
    const link = { ref: 'churn@1' };

    it.each([
      ['%load_ext nbregistry', 'work/.nbregistry'],
      ['%registry ../other/.nbregistry', 'other/.nbregistry']
    ])('in the registry that it uses: %s', async (cell, registry) => {
      const { command, opened } = commandsIn('work/nb.ipynb', cell, 'work/.nbregistry', 'other/.nbregistry');
      await command(CommandIDs.open).execute(link);
      expect(opened).toHaveBeenCalledWith(registry, ['churn@1'], undefined);
    });

    it.each([
      ['%registry /elsewhere/.nbregistry', 'work/.nbregistry'],
      ['%registry ../gone/.nbregistry', 'work/.nbregistry'],
      ['%load_ext nbregistry', null] // what it uses is outside of the server's root
    ])('nowhere, and say so, if that cannot be shown: %s', async (cell, nearest) => {
      const { command, opened, known } = commandsIn('work/nb.ipynb', cell, ...(nearest ? [nearest] : []));
      await command(CommandIDs.open).execute(link);
      expect(opened).not.toHaveBeenCalled();
      expect(known.refresh).toHaveBeenCalledOnce();
      expect(Notification.warning).toHaveBeenCalledWith(
        'churn@1 is of the registry that this notebook uses, and that one cannot be shown here',
        expect.anything()
      );
    });

    it('in one that was made since the registries were listed', async () => {
      const { command, opened, known } = commandsIn('nb.ipynb', '%load_ext nbregistry');
      known.refresh.mockImplementation(async () => void (known.nearest = '.nbregistry'));
      await command(CommandIDs.open).execute(link);
      expect(opened).toHaveBeenCalledWith('.nbregistry', ['churn@1'], undefined);
    });

    it('in the registry of the sidebar where there is no notebook', async () => {
      const { command, opened } = commandsIn('', '');
      await command(CommandIDs.open).execute(link);
      expect(opened).toHaveBeenCalledWith('in the sidebar', ['churn@1'], undefined);
    });
  });

  it('offer to roll back only what holds an alias, and to restore only what was archived', () => {
    const { command } = commandsIn('nb.ipynb', '', '.nbregistry');
    const offered = (id: string): boolean[] =>
      ['churn@1', 'churn@2', 'not here@1'].map(ref => command(id).isVisible({ ref }));
    expect(offered(CommandIDs.rollback)).toEqual([true, false, true]);
    expect(offered(CommandIDs.archive)).toEqual([true, true, true]);
    expect(offered(CommandIDs.restore)).toEqual([false, false, true]);
  });

  it.each(['promote', 'rollback', 'tag', 'describe', 'approve', 'archive', 'restore'] as const)(
    'open the form of a change on the page of the version: %s',
    verb => {
      const { command, opened, model } = commandsIn('nb.ipynb', '', '.nbregistry');
      const { isEnabled, execute } = command(CommandIDs[verb]);
      expect(isEnabled({})).toBe(false);
      model.active = { name: 'churn', ref: 'churn@1' };
      expect(isEnabled({})).toBe(true);
      expect(isEnabled({ registry: 'read-only' })).toBe(false);
      execute({});
      expect(opened).toHaveBeenCalledWith('in the sidebar', ['churn@1'], verb);
    }
  );

  it.each([
    ['work/sub/nb.ipynb', 'work/.nbregistry', 'work/sub/churn-1.nbregistry'],
    ['other/nb.ipynb', 'work/.nbregistry', 'work/churn-1.nbregistry'],
    ['', 'work/.nbregistry', 'work/churn-1.nbregistry']
  ])(
    'propose to export beside the notebook that uses the registry, or else beside that',
    async (path, registry, to) => {
      const nearest = path.startsWith('work') ? registry : 'other/.nbregistry';
      const { commands } = commandsIn(path, '', nearest);
      await commands.exportVersion('churn@1', registry);
      expect(askForPath).toHaveBeenCalledWith(expect.objectContaining({ path: to }));
    }
  );
});
