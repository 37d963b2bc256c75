import { Notification } from '@jupyterlab/apputils';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Button, HTMLSelect } from '@jupyterlab/ui-components';
import { useId, useMemo, useReducer, useRef, useEffect, type JSX } from 'react';

import type { Api, Field, Form } from '../api';
import { nameOf } from '../names';
import { Cards } from '../pages/cards';
import { FailureNote } from '../sidebar/states';
import { Draft } from './draft';

/** A form that ends in a change: filled in, looked at in a dry run, then confirmed. */
export function ChangeView(props: {
  api: Api;
  registry: string;
  reference: string;
  form: Form;
  rendermime: IRenderMimeRegistry;
  onOpen: (ref: string) => void;
  onMade: () => void;
  onClose: () => void;
}): JSX.Element {
  const { api, registry, reference, form, rendermime, onOpen, onMade, onClose } = props;
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const draft = useMemo(() => new Draft(api, registry, reference, form, redraw), [api, registry, reference, form]);
  const first = useRef<HTMLFormElement>(null);
  useEffect(() => first.current?.querySelector<HTMLElement>('input, select, textarea')?.focus(), [draft]);
  const title = useId();
  // An alias goes back whatever the version is whose page this is.
  const subject = form.verb === 'rollback' ? nameOf(reference) : reference;
  const isThere = useRef(true);
  useEffect(() => () => void (isThere.current = false), []);
  const confirm = async (): Promise<void> => {
    await draft.make();
    if (draft.stage === 'made') {
      onMade();
    }
    if (!isThere.current) {
      // Its page, or another form, took the place where it would have been told.
      const about = `${form.title} ${subject}`;
      if (draft.failure) {
        Notification.error(`${about}: ${draft.failure.message}`);
      } else {
        Notification.success(`${about}: done`, { autoClose: 5000 });
      }
    }
  };
  const { result } = draft;
  return (
    <section className="nbr-Change" aria-labelledby={title}>
      <h2 id={title}>
        {form.title} <bdi>{subject}</bdi>
      </h2>
      {draft.stage !== 'made' && (
        <form
          ref={first}
          onSubmit={event => {
            event.preventDefault();
            void draft.look();
          }}
        >
          {form.fields.map(field => (
            <FieldView key={field.name} field={field} draft={draft} />
          ))}
          <Reason draft={draft} />
          <div className="nbr-Buttons">
            <Button type="submit" className="nbr-Button" disabled={draft.lacksReason || draft.isFixed}>
              {draft.stage === 'looking' ? 'Looking…' : 'Dry run'}
            </Button>
            <Button
              type="button"
              className="nbr-Button nbr-mod-accept"
              disabled={!draft.canMake && draft.stage !== 'making'}
              onClick={() => void confirm()}
            >
              {draft.stage === 'making' ? 'Working…' : 'Confirm'}
            </Button>
            <Button type="button" className="nbr-Button" disabled={draft.isFixed} onClick={onClose}>
              Cancel
            </Button>
          </div>
        </form>
      )}
      <div aria-live="polite">
        {draft.failure && <FailureNote failure={draft.failure} />}
        {result && <Cards html={[result.card]} rendermime={rendermime} onOpen={onOpen} />}
      </div>
      {draft.stage === 'made' && (
        <div className="nbr-Buttons">
          <Button type="button" className="nbr-Button" autoFocus onClick={onClose}>
            Done
          </Button>
        </div>
      )}
    </section>
  );
}

function FieldView(props: { field: Field; draft: Draft }): JSX.Element {
  const { field, draft } = props;
  const id = useId();
  const value = draft.values[field.name] ?? '';
  const common = {
    id,
    value,
    disabled: draft.isFixed,
    'aria-describedby': field.help ? `${id}-help` : undefined,
    onChange: (event: { target: { value: string } }) => draft.fill(field.name, event.target.value)
  };
  return (
    <div className="nbr-Field">
      <label htmlFor={id}>{field.label}</label>
      {field.kind === 'choice' && <HTMLSelect {...common} options={[...field.options]} />}
      {field.kind === 'paragraph' && <textarea {...common} className="jp-mod-styled" rows={3} />}
      {field.kind === 'text' && (
        <>
          <input {...common} className="jp-mod-styled" list={`${id}-usual`} spellCheck={false} autoComplete="off" />
          <datalist id={`${id}-usual`}>
            {field.options.map(option => (
              <option key={option} value={option} />
            ))}
          </datalist>
        </>
      )}
      {field.help && (
        <span id={`${id}-help`} className="nbr-Help">
          {field.help}
        </span>
      )}
    </div>
  );
}

function Reason(props: { draft: Draft }): JSX.Element {
  const { draft } = props;
  const id = useId();
  return (
    <div className="nbr-Field">
      <label htmlFor={id}>Reason{draft.form.needs_reason ? ' (needed)' : ''}</label>
      <input
        id={id}
        className="jp-mod-styled"
        value={draft.reason}
        disabled={draft.isFixed}
        required={draft.form.needs_reason}
        aria-describedby={`${id}-help`}
        onChange={event => draft.explain(event.target.value)}
      />
      <span id={`${id}-help`} className="nbr-Help">
        for the journal
      </span>
    </div>
  );
}
