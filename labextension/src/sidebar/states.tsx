import { Button } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import type { Failure, Lacking } from '../api';

/** What failed, what was probably meant, what to do next: the block that errors have in a notebook. */
export function FailureNote(props: { failure: Failure; children?: JSX.Element }): JSX.Element {
  const { failure, children } = props;
  return (
    <div className="nbr-Failure" role="alert">
      <p className="nbr-Failure-message">
        <bdi>{failure.message}</bdi>
      </p>
      {failure.excerpt.length > 0 && <pre>{failure.excerpt.join('\n')}</pre>}
      <Nearest nearest={failure.nearest} />
      {[failure.hint, ...failure.otherwise]
        .filter(text => text)
        .map((text, index) => (
          <p key={text}>
            {index ? 'or' : 'next'}: <code>{text}</code>
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
export function Lack(props: { lacking: Lacking }): JSX.Element {
  const { key, nearest } = props.lacking;
  return (
    <>
      <p>
        No version has <bdi className="nbr-Nearest">{key}</bdi>
      </p>
      <Nearest nearest={nearest} />
    </>
  );
}

function Nearest(props: { nearest: readonly string[] }): JSX.Element | null {
  const { nearest } = props;
  return nearest.length === 0 ? null : (
    <p>
      did you mean:{' '}
      {nearest.map(meant => (
        <bdi key={meant} className="nbr-Nearest">
          {meant}
        </bdi>
      ))}
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

/** The registry cannot be shown. */
export function Broken(props: { failure: Failure; onRetry: () => void; onFollow?: () => void }): JSX.Element {
  return (
    <div className="nbr-State">
      <FailureNote failure={props.failure}>
        <div className="nbr-Buttons">
          <Button className="nbr-Button" onClick={props.onRetry}>
            Try again
          </Button>
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
