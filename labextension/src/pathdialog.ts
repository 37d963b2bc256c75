import { Dialog, showDialog } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';

/** What is asked for. */
export interface PathQuestion {
  title: string;
  label: string;
  /** What stands there at first. */
  path: string;
  okLabel: string;
}

/** Ask for the path of a file, in a field as wide as the dialog: paths are long. Null if none was given. */
export async function askForPath(question: PathQuestion): Promise<string | null> {
  const { title, okLabel } = question;
  const buttons = [Dialog.cancelButton(), Dialog.okButton({ label: okLabel })];
  const asked = await showDialog({ title, body: new PathField(question), buttons, focusNodeSelector: 'input' });
  return (asked.button.accept && asked.value?.trim()) || null;
}

class PathField extends Widget implements Dialog.IBodyWidget<string> {
  constructor(question: PathQuestion) {
    super();
    this.addClass('nbr-PathField');
    const label = this.node.appendChild(document.createElement('label'));
    label.textContent = question.label;
    this.input = label.appendChild(document.createElement('input'));
    this.input.className = 'jp-mod-styled';
    this.input.value = question.path;
    this.input.spellcheck = false;
  }

  getValue(): string {
    return this.input.value;
  }

  private readonly input: HTMLInputElement;
}
