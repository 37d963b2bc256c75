import { Button, HTMLSelect, refreshIcon } from '@jupyterlab/ui-components';
import { useEffect, useId, useRef, useState, type JSX } from 'react';

import { NEWEST_FIRST, type RegistryModel } from '../registry/model';
import { withKey } from '../registry/searching';
import { READ_ONLY } from '../words';
import { Broken, FailureNote, Lack, Loading, Nothing } from './states';
import { TreeView } from './treeview';

/** How long typing may pause before it is searched for. */
const PAUSE = 150;

/** What to do where the registry is not there; it is asked for all the time. */
const GONE = 'put its folder back, and it appears again; or pick another registry above.';

/** What the sidebar asks others to do. */
export interface Actions {
  open(ref: string): void;
  compare(refs: readonly string[]): void;
  refresh(): void;
  shown(): void;
}

export function SidebarView(props: { model: RegistryModel; actions: Actions }): JSX.Element {
  const { model, actions } = props;
  return (
    <>
      <Head model={model} actions={actions} />
      <Body model={model} actions={actions} />
      {model.chosen.length > 0 && <Chosen model={model} actions={actions} />}
      <Said model={model} />
    </>
  );
}

function Head(props: { model: RegistryModel; actions: Actions }): JSX.Element {
  const { model, actions } = props;
  return (
    <div className="nbr-Head">
      <div className="nbr-Head-row">
        <Picker model={model} />
        <Button minimal title="Refresh" aria-label="Refresh" onClick={() => actions.refresh()}>
          <refreshIcon.react tag="span" />
        </Button>
      </div>
      {model.isReadOnly(model.path) && <span className="nbr-ReadOnly">{READ_ONLY}</span>}
      {model.path !== null && <Search model={model} />}
      {model.path !== null && <Order model={model} />}
    </div>
  );
}

function Picker(props: { model: RegistryModel }): JSX.Element {
  const { places } = props.model;
  const nameOf = (path: string): string => places.all.find(place => place.path === path)?.name ?? path;
  const isMissing = places.picked !== null && places.isKnown && !places.all.some(place => place.path === places.picked);
  const followed =
    places.nearest !== null
      ? `${nameOf(places.nearest)} (the notebook’s)`
      : places.path !== null && places.picked === null
        ? `${nameOf(places.path)} (none beside the notebook)`
        : 'The notebook’s registry';
  return (
    <HTMLSelect
      className="nbr-Picker"
      aria-label="Registry"
      title={places.path ?? 'no registry'}
      value={places.picked ?? ''}
      onChange={event => places.pick(event.target.value || null)}
    >
      <option value="">{followed}</option>
      {isMissing && <option value={places.picked ?? ''}>{places.picked} (missing)</option>}
      {places.all.map(place => (
        <option key={place.path} value={place.path}>
          {place.name}
          {place.read_only ? ' (read-only)' : ''}
        </option>
      ))}
    </HTMLSelect>
  );
}

function Search(props: { model: RegistryModel }): JSX.Element {
  const { model } = props;
  const [text, setText] = useState(model.asked);
  const problem = useId();
  const sent = useRef(model.asked);
  const send = (): void => {
    sent.current = text;
    model.search(text);
  };
  useEffect(() => {
    const timer = setTimeout(send, PAUSE);
    return () => clearTimeout(timer);
  }, [model, text]);
  useEffect(() => {
    // Somebody else searched: a button, or a link in an output.
    if (model.asked !== sent.current) {
      sent.current = model.asked;
      setText(model.asked);
    }
  }, [model.asked]);
  const failure = model.searchFailure;
  return (
    <>
      <input
        type="search"
        className="nbr-Search jp-mod-styled"
        aria-label="Search, or filter"
        aria-invalid={failure !== null}
        aria-describedby={failure ? problem : undefined}
        placeholder="Search or filter"
        title={"Words, or a filter:\nmetrics.roc_auc > 0.9 AND (tags.team LIKE 'fr%' OR alias = 'champion')"}
        spellCheck={false}
        disabled={model.failure !== null}
        value={text}
        onChange={event => setText(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Enter') {
            send();
          }
        }}
      />
      {failure && (
        <div id={problem}>
          <FailureNote failure={failure} />
        </div>
      )}
    </>
  );
}

function Order(props: { model: RegistryModel }): JSX.Element {
  const { model } = props;
  return (
    <div className="nbr-Head-row">
      <span className="nbr-Count" role="status">
        {counted(model)}
      </span>
      <HTMLSelect
        className="nbr-Order"
        aria-label="Order of versions"
        value={model.sort}
        disabled={model.failure !== null}
        onChange={event => model.sortBy(event.target.value)}
      >
        <option value={NEWEST_FIRST}>newest first</option>
        <option value="version">oldest first</option>
        {model.knownMetrics.flatMap(metric => [
          <option key={`-${metric}`} value={`-metrics.${metric}`}>
            highest {metric}
          </option>,
          <option key={metric} value={`metrics.${metric}`}>
            lowest {metric}
          </option>
        ])}
      </HTMLSelect>
    </div>
  );
}

function counted(model: RegistryModel): string {
  const { head, asked, modelCount, failure } = model;
  if (failure || !head || modelCount < 0) {
    return '';
  }
  const of = (count: number, what: string): string => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
  return asked.trim() ? `${modelCount} of ${of(head.models, 'model')}` : of(head.versions, 'version');
}

function Body(props: { model: RegistryModel; actions: Actions }): JSX.Element {
  const { model, actions } = props;
  if (model.failure) {
    const { places } = model;
    const onFollow = places.picked === null ? undefined : () => places.pick(null);
    const advice = model.failure.kind === 'NotFound' ? GONE : undefined;
    return <Broken failure={model.failure} advice={advice} onRetry={() => actions.refresh()} onFollow={onFollow} />;
  }
  if (model.isLoading) {
    return <Loading />;
  }
  if (model.path === null || model.head?.versions === 0) {
    return (
      <Nothing title="No models yet">
        <p>In a notebook, this keeps the first one, and makes the registry beside it:</p>
        <pre>
          %load_ext nbregistry{'\n'}
          %register churn model
        </pre>
      </Nothing>
    );
  }
  if (model.modelCount === 0 && !model.searchFailure) {
    return (
      <Nothing title="Nothing matches">
        {model.lacking.map(lacking => (
          <Lack
            key={lacking.key}
            lacking={lacking}
            searchFor={meant => withKey(model.asked, lacking.key, meant)}
            onSearch={asked => model.search(asked)}
          />
        ))}
        <Button className="nbr-Button" onClick={() => model.search('')}>
          Show everything
        </Button>
      </Nothing>
    );
  }
  return <TreeView model={model} onOpen={ref => actions.open(ref)} />;
}

function Chosen(props: { model: RegistryModel; actions: Actions }): JSX.Element {
  const { model, actions } = props;
  const { chosen } = model;
  return (
    <div className="nbr-Chosen" role="group" aria-label="Chosen versions">
      <span className="nbr-Chosen-refs" title={chosen.join('\n')}>
        {chosen.length === 1 ? `${chosen[0]}: choose another` : `${chosen.length} chosen`}
      </span>
      <Button
        className="nbr-Button nbr-mod-accept"
        disabled={chosen.length < 2}
        onClick={() => actions.compare(chosen)}
      >
        Compare
      </Button>
      <Button className="nbr-Button" onClick={() => model.clearChosen()}>
        Clear
      </Button>
    </div>
  );
}

/** What happened, for whoever listens. */
function Said(props: { model: RegistryModel }): JSX.Element {
  const { model } = props;
  const [said, setSaid] = useState('');
  useEffect(() => {
    const onSaid = (_: RegistryModel, sentence: string): void => setSaid(sentence);
    model.said.connect(onSaid);
    return () => {
      model.said.disconnect(onSaid);
    };
  }, [model]);
  return (
    <div className="nbr-Unseen" aria-live="polite">
      {said}
    </div>
  );
}
