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
    return this.sources(Infinity).some(source => source.includes(line));
  }

  /** Whether a cell has a line like this. */
  has(line: RegExp): boolean {
    return this.lines(line, Infinity).length > 0;
  }

  /** The last line like this in the active cell or above; null if there is none. */
  lastLine(line: RegExp): string | null {
    const active = this.tracker.currentWidget?.content.activeCellIndex ?? -1;
    return this.lines(line, active + 1).at(-1) ?? null;
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

  private lines(like: RegExp, before: number): string[] {
    const lines = this.sources(before).flatMap(source => source.split('\n'));
    return lines.filter(line => like.test(line)).map(line => line.trim());
  }

  private sources(before: number): string[] {
    const cells = this.tracker.currentWidget?.content.widgets.slice(0, before) ?? [];
    return cells.filter(cell => cell.model.type === 'code').map(cell => cell.model.sharedModel.getSource());
  }
}
