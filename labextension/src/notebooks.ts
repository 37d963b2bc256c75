import { NotebookActions, type INotebookTracker } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';

import { withLine } from './lines';

/** The notebook that was used last, and what can be put into it. */
export class Notebooks {
  constructor(
    private readonly tracker: INotebookTracker,
    private readonly contents: Contents.IManager
  ) {}

  /** Where it is, for the server; empty if there is none. */
  get path(): string {
    const path = this.tracker.currentWidget?.context.path;
    return path === undefined ? '' : this.contents.localPath(path);
  }

  get isThere(): boolean {
    return this.tracker.currentWidget !== null;
  }

  /** Whether a cell has this line. */
  contains(line: string): boolean {
    const cells = this.tracker.currentWidget?.content.widgets ?? [];
    return cells.some(cell => cell.model.type === 'code' && cell.model.sharedModel.getSource().includes(line));
  }

  /** Call back whenever another notebook becomes the current one. */
  onChange(callback: () => void): void {
    this.tracker.currentChanged.connect(callback);
    this.tracker.widgetAdded.connect((_, panel) => {
      panel.context.pathChanged.connect(callback);
    });
  }

  /**
   * Put a line into the active cell, on a line of its own; below a cell that is no code, into a new one.
   */
  insert(line: string): void {
    const panel = this.tracker.currentWidget;
    if (!panel) {
      return;
    }
    const notebook = panel.content;
    if (notebook.activeCell?.model.type !== 'code') {
      NotebookActions.insertBelow(notebook);
    }
    const cell = notebook.activeCell;
    if (!cell) {
      return;
    }
    const { sharedModel } = cell.model;
    sharedModel.setSource(withLine(sharedModel.getSource(), line));
    notebook.mode = 'edit';
    const last = cell.editor?.lineCount ?? 1;
    cell.editor?.setCursorPosition({ line: last - 1, column: line.length - line.lastIndexOf('\n') - 1 });
    notebook.activate();
    cell.editor?.focus();
  }
}
