import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Clipboard, Dialog, InputDialog, Notification, showDialog } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';

import type { ExportResult, Line } from './api';
import { isOffered } from './changes/offers';
import { registryIcon } from './icons';
import { registryLine, registryOf, USES_REGISTRY } from './lines';
import type { Notebooks } from './notebooks';
import type { RegistryModel } from './registry/model';
import { nameOf, numberOf, short } from './names';
import { askForPath } from './pathdialog';
import { failureOf } from './request';
import { sentence } from './words';

export namespace CommandIDs {
  export const show = 'nbregistry:show';
  export const open = 'nbregistry:open';
  export const openPage = 'nbregistry:open-page';
  export const compare = 'nbregistry:compare';
  export const compareWithChampion = 'nbregistry:compare-with-champion';
  export const choose = 'nbregistry:choose';
  export const promote = 'nbregistry:promote';
  export const rollback = 'nbregistry:rollback';
  export const tag = 'nbregistry:tag';
  export const describe = 'nbregistry:describe';
  export const approve = 'nbregistry:approve';
  export const archive = 'nbregistry:archive';
  export const restore = 'nbregistry:restore';
  export const insertLoad = 'nbregistry:insert-load';
  export const insertCompare = 'nbregistry:insert-compare';
  export const insertRollback = 'nbregistry:insert-rollback';
  export const copyReference = 'nbregistry:copy-reference';
  export const exportVersion = 'nbregistry:export';
  export const refresh = 'nbregistry:refresh';
}

/** The changes, each a form on a version's page: its command, its label, its verb. */
const CHANGES = [
  [CommandIDs.promote, 'Promote…', 'promote'],
  [CommandIDs.rollback, 'Roll Back…', 'rollback'],
  [CommandIDs.tag, 'Tag…', 'tag'],
  [CommandIDs.describe, 'Describe…', 'describe'],
  [CommandIDs.approve, 'Approve…', 'approve'],
  [CommandIDs.archive, 'Archive…', 'archive'],
  [CommandIDs.restore, 'Restore…', 'restore']
] as const;

/** A notebook's registry is another one than all that we know. */
const UNKNOWN = Symbol('unknown');

/** So much of a long name stands in a dialog's title. */
const ROOM_IN_TITLE = 40;

const LOAD_MAGICS = '%load_ext nbregistry';

/** In the palette; the others are offered where a version is at hand. */
export const PALETTE = [
  CommandIDs.show,
  CommandIDs.open,
  CommandIDs.compare,
  CommandIDs.compareWithChampion,
  ...CHANGES.map(([id]) => id),
  CommandIDs.insertLoad,
  CommandIDs.insertCompare,
  CommandIDs.insertRollback,
  CommandIDs.copyReference,
  CommandIDs.exportVersion,
  CommandIDs.refresh
];

/** Where pages and the sidebar are put; JupyterLab and Notebook 7 differ in that. */
export interface Places {
  showSidebar(): void;
  openPage(registry: string, refs: readonly string[], verb?: string): void;
}

interface Arguments {
  ref?: string;
  refs?: readonly string[];
  registry?: string;
  verb?: string;
  isPalette?: boolean;
}

/** The commands: what the palette, the context menu, the pages and links in displays run. */
export class Commands {
  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly model: RegistryModel,
    private readonly notebooks: Notebooks,
    private readonly places: Places
  ) {
    this.add(CommandIDs.show, 'Show Model Registry', () => places.showSidebar());
    this.add(CommandIDs.refresh, 'Refresh Model Registry', () => this.refresh());
    this.add(CommandIDs.open, 'Open Version', args => this.open(args));
    this.add(CommandIDs.openPage, 'Open Registry Page', args =>
      this.openPage(args.refs ?? [], args.verb, args.registry)
    );
    this.add(CommandIDs.compare, 'Compare Versions…', args => this.compare(args));
    this.addForVersion(CommandIDs.compareWithChampion, 'Compare with Champion', (ref, registry) =>
      this.openPage([`${nameOf(ref)}@champion`, ref], undefined, registry)
    );
    this.addForVersion(CommandIDs.choose, 'Choose to Compare', ref => model.choose(ref), {
      isToggled: ref => model.isChosen(ref)
    });
    for (const [id, label, verb] of CHANGES) {
      this.addForVersion(id, label, (ref, registry) => this.openPage([ref], verb, registry), { verb });
    }
    this.addLine(CommandIDs.insertLoad, 'Insert Load Line', 'load');
    this.addLine(CommandIDs.insertCompare, 'Insert Compare Line', 'compare');
    this.addLine(CommandIDs.insertRollback, 'Insert Rollback Line', 'rollback');
    this.addForVersion(CommandIDs.copyReference, 'Copy Reference', ref => this.copy(ref));
    this.addForVersion(CommandIDs.exportVersion, 'Export…', (ref, registry) => this.exportVersion(ref, registry));
  }

  /** Put a line into the notebook that was used last, after what it needs there: the magics, and this registry. */
  insert(line: string, registry: string): void {
    if (!this.notebooks.isThere) {
      Notification.warning('No notebook is open to put the line into', { autoClose: 4000 });
      return;
    }
    const lines = [line];
    if (registry !== this.registryHere()) {
      const use = registryLine(this.notebooks.path, registry);
      if (!use) {
        Notification.warning(`No line can name the registry ${registry}, so none was put in`, { autoClose: 8000 });
        return;
      }
      lines.unshift(use);
    }
    if (!this.notebooks.contains(LOAD_MAGICS)) {
      lines.unshift(LOAD_MAGICS);
    }
    this.notebooks.insert(lines.join('\n'));
  }

  copy(ref: string): void {
    Clipboard.copyToSystem(ref);
    Notification.info(`${ref} is on the clipboard`, { autoClose: 2000 });
  }

  async refresh(): Promise<void> {
    await this.model.places.refresh();
    await this.model.refresh();
  }

  async exportVersion(ref: string, registry: string): Promise<void> {
    const isBeside = this.notebooks.isThere && this.model.places.nearest === registry;
    const folder = PathExt.dirname(isBeside ? this.notebooks.path : registry);
    const path = await askForPath({
      title: `Export ${short(ref, ROOM_IN_TITLE)}`,
      label: 'Write it, with the versions it came from, to this new file of the server:',
      path: PathExt.join(folder, `${nameOf(ref)}-${numberOf(ref)}.nbregistry`),
      okLabel: 'Export'
    });
    if (path) {
      const done = this.model.api.export(registry, ref, path);
      Notification.promise(done, {
        pending: { message: `Exporting ${ref}…` },
        success: { message: result => `${ref} is in ${(result as ExportResult).path}`, options: { autoClose: 5000 } },
        error: { message: error => told(error), options: { autoClose: 15000 } }
      });
    }
  }

  private add(id: string, label: string, execute: (args: Arguments) => unknown): void {
    this.app.commands.addCommand(id, {
      label: args => labelled(label, args),
      caption: label,
      icon: args => (id === CommandIDs.show && !args['isPalette'] ? registryIcon : undefined),
      execute: args => execute(args as Arguments)
    });
  }

  /** Add what works on the version it is given, or else on the one that the keyboard is on in the sidebar. */
  private addForVersion(
    id: string,
    label: string,
    run: (ref: string, registry: string) => unknown,
    { isToggled, verb }: { isToggled?: (ref: string) => boolean; verb?: string } = {}
  ): void {
    const refOf = (args: object): string | null => (args as Arguments).ref ?? this.model.active?.ref ?? null;
    const placeOf = (args: object): string | null => (args as Arguments).registry ?? this.model.path;
    this.app.commands.addCommand(id, {
      label: args => labelled(label, args, args['isPalette'] ? refOf(args) : null),
      isEnabled: args => refOf(args) !== null && !(verb && this.model.isReadOnly(placeOf(args))),
      isVisible: args => {
        const row = placeOf(args) === this.model.path ? this.model.rowOf(refOf(args)) : null;
        return !verb || !row || isOffered(verb, row);
      },
      isToggled: isToggled && (args => isToggled(refOf(args) ?? '')),
      execute: args => {
        const ref = refOf(args);
        const registry = placeOf(args);
        return ref === null || registry === null ? undefined : run(ref, registry);
      }
    });
  }

  private addLine(id: string, label: string, line: Line['id']): void {
    this.addForVersion(id, label, (ref, registry) => this.insertLine(ref, registry, line));
  }

  private async insertLine(ref: string, registry: string, id: Line['id']): Promise<void> {
    try {
      const chosen = this.model.chosen;
      const line =
        id === 'compare' && chosen.length > 1
          ? (await this.model.api.compare(registry, chosen)).line
          : ((await this.model.api.version(registry, ref)).lines.find(one => one.id === id)?.line ?? '');
      if (line) {
        this.insert(line, registry);
      } else {
        Notification.warning(`There is no such line for ${ref}`, { autoClose: 4000 });
      }
    } catch (error) {
      Notification.error(told(error));
    }
  }

  private async open(args: Arguments): Promise<void> {
    const asked = args.isPalette ? null : this.model.active?.ref;
    const ref = args.ref ?? asked ?? (await this.askForReference());
    if (!ref) {
      return;
    }
    const registry = args.registry ?? (args.ref === undefined ? this.model.path : await this.registryOfLink());
    if (registry === UNKNOWN) {
      Notification.warning(`${ref} is of the registry that this notebook uses, and that one cannot be shown here`, {
        autoClose: 8000
      });
    } else if (/[@:]/.test(ref)) {
      this.openPage([ref], args.verb, registry);
    } else {
      this.model.places.show(registry);
      this.model.reveal(ref);
      this.places.showSidebar();
    }
  }

  /**
   * The registry of a reference in a notebook's output: the one that the notebook uses, whichever the sidebar shows.
   * Another may have a model of the same name, so only where there is no notebook it is the sidebar's.
   */
  private async registryOfLink(): Promise<string | null | typeof UNKNOWN> {
    if (!this.notebooks.isThere) {
      return this.model.path;
    }
    if (this.registryHere() === UNKNOWN) {
      await this.model.places.refresh(); // the notebook may have made it since
    }
    return this.registryHere();
  }

  /**
   * The registry that the notebook uses at its active cell, as its lines have it: the one that was switched to there or
   * above, or else the one beside it. Unknown if it is none that we can show, or is switched below.
   */
  private registryHere(): string | typeof UNKNOWN {
    const { nearest, all } = this.model.places;
    const line = this.notebooks.lastLine(USES_REGISTRY);
    if (line !== null) {
      const path = registryOf(line, this.notebooks.path);
      return all.find(place => place.path === path)?.path ?? UNKNOWN;
    }
    return this.notebooks.has(USES_REGISTRY) ? UNKNOWN : (nearest ?? UNKNOWN);
  }

  private async askForReference(): Promise<string | null> {
    const asked = await InputDialog.getText({
      title: 'Open a version',
      label: 'A reference, e.g. churn@3 or churn@champion',
      okLabel: 'Open'
    });
    return asked.button.accept ? asked.value : null;
  }

  private async compare(args: Arguments): Promise<void> {
    const refs = args.refs ?? this.model.chosen;
    if (refs.length > 1) {
      this.openPage(refs, undefined, args.registry);
    } else {
      await showDialog({
        title: 'Compare versions',
        body: 'Choose two versions or more in the sidebar first, with the box before each, or with the space bar.',
        buttons: [Dialog.okButton()]
      });
      this.places.showSidebar();
    }
  }

  private openPage(refs: readonly string[], verb?: string, registry: string | null = this.model.path): void {
    if (registry !== null && refs.length > 0) {
      this.places.openPage(registry, refs, verb);
    }
  }
}

/** Label a command; in the palette, where it stands alone, with what it is about. */
function labelled(label: string, args: object, ref: string | null = null): string {
  const { isPalette } = args as Arguments;
  return isPalette ? `Registry: ${label.replace(/…$/, '')}${ref === null ? '' : ` ${ref}`}` : label;
}

function told(error: unknown): string {
  const { message, hint } = failureOf(error);
  return sentence(hint ? `${message}; next: ${hint}` : message);
}
