import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';

import { Api } from './api';
import { CommandIDs, Commands, PALETTE } from './commands';
import { Notebooks } from './notebooks';
import { Page, pageId, type PageContext } from './pages/page';
import { bringToFront, makeRoom } from './pages/room';
import { Live } from './registry/live';
import { RegistryModel } from './registry/model';
import { Places } from './registry/places';
import { Requester } from './request';
import { Sidebar } from './sidebar/sidebar';

const PLUGIN_ID = 'nbregistry:plugin';
const PICKED = 'nbregistry:picked';
const CATEGORY = 'Model Registry';
const SIDEBAR_RANK = 650;

/** The registry in the sidebar, its pages and its commands. */
const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'A model registry in the sidebar, with a page for each version.',
  autoStart: true,
  requires: [INotebookTracker, IRenderMimeRegistry],
  optional: [ILabShell, ILayoutRestorer, ICommandPalette, ILauncher, ISettingRegistry, IStateDB],
  activate
};

function activate(
  app: JupyterFrontEnd,
  tracker: INotebookTracker,
  rendermime: IRenderMimeRegistry,
  labShell: ILabShell | null,
  restorer: ILayoutRestorer | null,
  palette: ICommandPalette | null,
  launcher: ILauncher | null,
  settings: ISettingRegistry | null,
  state: IStateDB | null
): void {
  const api = new Api(new Requester(app.serviceManager.serverSettings));
  const places = new Places(api);
  const model = new RegistryModel(api, places);
  const notebooks = new Notebooks(tracker, app.serviceManager.contents);
  const pages = new WidgetTracker<Page>({ namespace: 'nbregistry' });

  const openPage = (registry: string, refs: readonly string[], verb?: string): void => {
    const id = pageId({ registry, refs });
    let page = pages.find(one => one.id === id);
    if (!page) {
      page = new Page({ registry, refs }, context);
      void pages.add(page);
    }
    if (!page.isAttached) {
      // Notebook 7 has one place in its main area, and the notebook is there.
      app.shell.add(page, labShell ? 'main' : 'down');
    }
    if (verb) {
      page.begin(verb);
    }
    app.shell.activateById(page.id);
    void live.now();
    if (!labShell) {
      bringToFront(page);
      makeRoom(page);
    }
  };
  const showSidebar = (): void => app.shell.activateById(sidebar.id);
  const commands = new Commands(app, model, notebooks, { openPage, showSidebar });
  const context: PageContext = {
    model,
    rendermime,
    open: (ref, registry) => void app.commands.execute(CommandIDs.open, { ref, registry }),
    actions: {
      insert: (line, registry) => commands.insert(line, registry),
      copy: ref => commands.copy(ref),
      exportVersion: (ref, registry) => void commands.exportVersion(ref, registry),
      compare: (refs, registry) => openPage(registry, refs),
      changed: () => void live.now()
    }
  };
  const sidebar = new Sidebar(model, {
    open: ref => openPage(model.path ?? '', [ref]),
    compare: refs => openPage(model.path ?? '', refs),
    refresh: () => void commands.refresh(),
    shown: () => void live.now()
  });
  const seen = (): Page[] => pages.filter(page => page.isVisible);
  const audience = {
    isThere: () => sidebar.isVisible || seen().length > 0,
    registries: () => seen().map(page => page.subject.registry)
  };
  const live = new Live(model, audience, 1);
  app.shell.add(sidebar, 'left', { rank: SIDEBAR_RANK });

  if (restorer) {
    restorer.add(sidebar, 'nbregistry');
    void restorer.restore(pages, {
      command: CommandIDs.openPage,
      args: page => ({ registry: page.subject.registry, refs: [...page.subject.refs] }),
      name: page => page.id
    });
  }
  for (const command of PALETTE) {
    palette?.addItem({ command, category: CATEGORY, args: { isPalette: true } });
  }
  launcher?.add({ command: CommandIDs.show, category: 'Other', rank: 3 });

  const follow = (): void => void places.follow(notebooks.path);
  notebooks.onChange(follow);
  follow();
  const isSet = settings ? useSettings(settings, model, places, live) : Promise.resolve();
  if (state) {
    void isSet.then(() => keepPicked(state, places));
  }
}

/** Keep the picked registry as JupyterLab keeps its layout: it outlives a reload, and the setting is what it begins with. */
async function keepPicked(state: IStateDB, places: Places): Promise<void> {
  const before = await state.fetch(PICKED);
  if (typeof before === 'string') {
    places.pick(before);
  }
  let kept = places.picked;
  places.changed.connect(() => {
    if (places.picked !== kept) {
      kept = places.picked;
      void (kept === null ? state.remove(PICKED) : state.save(PICKED, kept));
    }
  });
}

async function useSettings(
  registry: ISettingRegistry,
  model: RegistryModel,
  places: Places,
  live: Live
): Promise<void> {
  const settings = await registry.load(PLUGIN_ID);
  let picked: string | null = null;
  const apply = (): void => {
    const asked = (settings.composite['registry'] as string) || null;
    if (asked !== picked) {
      picked = asked;
      places.pick(asked);
    }
    model.showMetric(settings.composite['mainMetric'] as string);
    live.every(settings.composite['refreshSeconds'] as number);
  };
  settings.changed.connect(apply);
  apply();
}

export default plugin;
