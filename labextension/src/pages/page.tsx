import { MainAreaWidget } from '@jupyterlab/apputils';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Signal, type ISignal } from '@lumino/signaling';
import type { JSX } from 'react';

import { registryIcon } from '../icons';
import { shortList } from '../names';
import type { Heads } from '../registry/heads';
import type { RegistryModel } from '../registry/model';
import { ComparePage } from './comparepage';
import type { Source } from './sections';
import { VersionPage, type PageActions } from './versionpage';

/** A tab has room for about so many letters of names beside their numbers. */
const ROOM_IN_TAB = 16;

/** What a page shows: one version of a registry, or several side by side. */
export interface Subject {
  registry: string;
  refs: readonly string[];
}

/** The same subject has the same id, so that it is opened once. */
export function pageId(subject: Subject): string {
  return `nbregistry-page-${JSON.stringify([subject.registry, ...subject.refs])}`;
}

/** Everything that pages share. */
export interface PageContext {
  model: RegistryModel;
  rendermime: IRenderMimeRegistry;
  actions: PageActions;
  open: (ref: string, registry: string) => void;
}

class PageContent extends ReactWidget {
  constructor(
    readonly subject: Subject,
    private readonly context: PageContext
  ) {
    super();
    this.addClass('nbr-Page');
    this.node.tabIndex = -1;
    this.stamp = context.model.heads.stampOf(subject.registry);
    context.model.heads.changed.connect(this.onHead, this);
  }

  /** The change whose form is open. */
  get verb(): string | null {
    return this._verb;
  }

  set verb(verb: string | null) {
    this._verb = verb;
    this._changed.emit();
  }

  override dispose(): void {
    this.context.model.heads.changed.disconnect(this.onHead, this);
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.catchUp();
  }

  protected override render(): JSX.Element {
    return <UseSignal signal={this.changed}>{() => this.page()}</UseSignal>;
  }

  private page(): JSX.Element {
    const { context, subject } = this;
    const source: Source = {
      api: context.model.api,
      registry: subject.registry,
      refs: subject.refs,
      rendermime: context.rendermime,
      stamp: this.stamp,
      isReadOnly: context.model.isReadOnly(subject.registry),
      onOpen: ref => context.open(ref, subject.registry)
    };
    return subject.refs.length > 1 ? (
      <ComparePage source={source} onInsert={line => context.actions.insert(line, subject.registry)} />
    ) : (
      <VersionPage
        source={source}
        reference={subject.refs[0] ?? ''}
        verb={this.verb}
        onVerb={verb => (this.verb = verb)}
        actions={context.actions}
      />
    );
  }

  private onHead(_: Heads, registry: string): void {
    if (registry === this.subject.registry && this.isVisible) {
      this.catchUp();
    }
  }

  /** Ask for what is shown again, if the registry is another one since; a page out of sight waits until it is seen. */
  private catchUp(): void {
    const stamp = this.context.model.heads.stampOf(this.subject.registry);
    if (stamp !== this.stamp) {
      this.stamp = stamp;
      this._changed.emit();
    }
  }

  private get changed(): ISignal<this, void> {
    return this._changed;
  }

  private stamp: string;
  private _verb: string | null = null;
  private readonly _changed = new Signal<this, void>(this);
}

/** A page of the main area. */
export class Page extends MainAreaWidget<PageContent> {
  constructor(subject: Subject, context: PageContext) {
    super({ content: new PageContent(subject, context) });
    this.id = pageId(subject);
    this.title.label = shortList(subject.refs, ROOM_IN_TAB);
    this.title.caption = `${subject.refs.join('\n')}\n${subject.registry}`;
    this.title.icon = registryIcon;
    this.title.className = 'nbr-Tab';
    this.title.closable = true;
    this.toolbar.hide();
    this.content.node.setAttribute('role', 'region');
    this.content.node.setAttribute('aria-label', `Model registry: ${subject.refs.join(', ')}`);
  }

  get subject(): Subject {
    return this.content.subject;
  }

  /** Open the form of a change. */
  begin(verb: string): void {
    this.content.verb = verb;
  }
}
