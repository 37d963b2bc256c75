import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { JSX } from 'react';

import { registryIcon } from '../icons';
import type { RegistryModel } from '../registry/model';
import { SidebarView, type Actions } from './view';

const SIDEBAR_ID = 'nbregistry-sidebar';

/** The registry in the left sidebar. */
export class Sidebar extends ReactWidget {
  constructor(
    private readonly model: RegistryModel,
    private readonly actions: Actions
  ) {
    super();
    this.id = SIDEBAR_ID;
    this.addClass('nbr-Sidebar');
    this.title.icon = registryIcon;
    this.title.caption = 'Model registry';
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', 'Model registry');
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.actions.shown();
  }

  protected override render(): JSX.Element {
    return (
      <UseSignal signal={this.model.changed}>
        {() => <SidebarView model={this.model} actions={this.actions} />}
      </UseSignal>
    );
  }
}
