import { Button } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import type { Failure, Lacking } from '../api';
import { sentence } from '../words';

/** What failed, what was probably meant, what to do next: the block that errors have in a notebook. */
export function FailureNote(props: {
  failure: Failure;
  onMeant?: (meant: string) => void;
  children?: React.ReactNode;
}): JSX.Element {
  const { failure, onMeant, children } = props;
  return (
    <div className="nbr-Failure" role="alert">
      <p className="nbr-Failure-message">
        <bdi>{sentence(failure.message)}</bdi>
      </p>
      {failure.excerpt.length > 0 && (
        <pre className="nbr-Excerpt" tabIndex={0}>
          {failure.excerpt.join('\n')}
        </pre>
      )}
      <Nearest nearest={failure.nearest} onMeant={onMeant} />
      {[failure.hint, ...failure.otherwise]
        .filter(text => text)
        .map((text, index) => (
          <p key={text}>
            {index ? 'Or' : 'Next'}: <code>{text}</code>
          </p>
        ))}
      {children}
    </div>
  );
}

/** Nothing is there yet, and what to do about it. */
export function Nothing(props: { title: string; children: React.ReactNode }): JSX.Element {
  return (
    <div className="nbr-State">
      <p className="nbr-State-title">{props.title}</p>
      {props.children}
    </div>
  );
}

/** What is searched for by this key cannot be found: no version has it. */
export function Lack(props: {
  lacking: Lacking;
  /** What to search for instead, with a key that was probably meant; null if that cannot be told. */
  searchFor: (meant: string) => string | null;
  onSearch: (asked: string) => void;
}): JSX.Element {
  const { searchFor, onSearch } = props;
  const { key, nearest } = props.lacking;
  const search = (meant: string): void => {
    const asked = searchFor(meant);
    if (asked !== null) {
      onSearch(asked);
    }
  };
  const canSearch = nearest.every(meant => searchFor(meant) !== null);
  return (
    <>
      <p>
        No version has <bdi className="nbr-Nearest">{key}</bdi>
      </p>
      <Nearest nearest={nearest} onMeant={canSearch ? search : undefined} />
    </>
  );
}

function Nearest(props: { nearest: readonly string[]; onMeant?: (meant: string) => void }): JSX.Element | null {
  const { nearest, onMeant } = props;
  return nearest.length === 0 ? null : (
    <p>
      Did you mean:{' '}
      {nearest.map(meant =>
        onMeant ? (
          <button key={meant} type="button" className="nbr-Link nbr-Nearest" onClick={() => onMeant(meant)}>
            <bdi>{meant}</bdi>
          </button>
        ) : (
          <bdi key={meant} className="nbr-Nearest">
            {meant}
          </bdi>
        )
      )}
    </p>
  );
}

/** The first answer is on its way. */
export function Loading(): JSX.Element {
  return (
    <div className="nbr-State nbr-mod-loading" role="status">
      <span className="nbr-Unseen">Loading the registry</span>
      {[70, 50, 60, 40].map(width => (
        <div key={width} className="nbr-Bone" style={{ width: `${width}%` }} aria-hidden="true" />
      ))}
    </div>
  );
}

/** What was asked for cannot be shown; what may help is offered. */
export function Broken(props: {
  failure: Failure;
  advice?: string;
  onRetry?: () => void;
  onFollow?: () => void;
  onMeant?: (meant: string) => void;
}): JSX.Element {
  return (
    <div className="nbr-State">
      <FailureNote failure={props.failure} onMeant={props.onMeant}>
        {props.advice && <p>Next: {props.advice}</p>}
        <div className="nbr-Buttons">
          {props.onRetry && (
            <Button className="nbr-Button" onClick={props.onRetry}>
              Try again
            </Button>
          )}
          {props.onFollow && (
            <Button className="nbr-Button" onClick={props.onFollow}>
              Follow the notebook
            </Button>
          )}
        </div>
      </FailureNote>
    </div>
  );
}
