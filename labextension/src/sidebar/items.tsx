import { caretDownIcon, caretRightIcon, checkIcon } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import type { Badge, Measure, ModelRow, VersionRow } from '../api';
import { ago } from '../moments';

/** An alias on a version. */
export function Chip(props: { name: string; stray: boolean }): JSX.Element {
  return (
    <span className="nbr-Chip" title={`alias ${props.name}`}>
      <bdi>{props.name}</bdi>
      {props.stray && <Alarm text="moved by a key that is not trusted" />}
    </span>
  );
}

/** What is out of the ordinary about a version. */
export function BadgeMark(props: { badge: Badge }): JSX.Element {
  const { badge } = props;
  return (
    <span className={`nbr-Badge nbr-mod-${badge.kind}`} title={badge.kind}>
      {badge.text}
      {badge.stray && <Alarm text="set by a key that is not trusted" />}
    </span>
  );
}

function Alarm(props: { text: string }): JSX.Element {
  return (
    <strong className="nbr-Alarm" title={props.text}>
      {' '}
      !<span className="nbr-Unseen"> {props.text}</span>
    </strong>
  );
}

/** A metric, its name for whoever listens or points. */
export function Metric(props: { measure: Measure | null }): JSX.Element | null {
  const { measure } = props;
  return (
    measure && (
      <span className="nbr-Metric" title={measure.name}>
        <span className="nbr-Unseen">{measure.name} </span>
        {measure.text}
      </span>
    )
  );
}

export function ModelLine(props: { row: ModelRow; isOpen: boolean }): JSX.Element {
  const { row, isOpen } = props;
  const Caret = isOpen ? caretDownIcon : caretRightIcon;
  const others = row.aliases.filter(alias => alias.name !== 'champion');
  return (
    <>
      <Caret.react tag="span" className="nbr-Caret" aria-hidden="true" />
      <span className="nbr-Item-lines">
        <span className="nbr-Item-first">
          <bdi className="nbr-Item-name">{row.name}</bdi>
          <Metric measure={row.metric} />
        </span>
        <span className="nbr-Item-second">
          {row.versions === 1 ? '1 version' : `${row.versions.toLocaleString('en')} versions`}
          {row.champion !== null && `, champion v${numberOf(row.champion)}`}
          {others.length > 0 && `, ${others.map(alias => `${alias.name} v${alias.version}`).join(', ')}`}
        </span>
      </span>
    </>
  );
}

export function VersionLine(props: { row: VersionRow; isChosen: boolean; onChoose: () => void }): JSX.Element {
  const { row, isChosen, onChoose } = props;
  const choose = (event: React.MouseEvent): void => {
    event.stopPropagation();
    onChoose();
  };
  return (
    <>
      <span
        className={isChosen ? 'nbr-Box nbr-mod-chosen' : 'nbr-Box'}
        title={isChosen ? 'Do not compare' : 'Choose to compare'}
        aria-hidden="true"
        onClick={choose}
      >
        {isChosen && <checkIcon.react tag="span" />}
      </span>
      <span className="nbr-Item-lines">
        <span className="nbr-Item-first">
          <span className="nbr-Item-version">v{row.version}</span>
          <span className="nbr-Item-marks">
            {row.aliases.map(alias => (
              <Chip key={alias.name} {...alias} />
            ))}
            {row.badges.map(badge => (
              <BadgeMark key={`${badge.kind} ${badge.text}`} badge={badge} />
            ))}
          </span>
          <Metric measure={row.metric} />
        </span>
        <span className="nbr-Item-second" title={`${row.created_at}${row.description && `\n${row.description}`}`}>
          {[row.algorithm, ago(row.created_at), row.created_by].filter(text => text).join(' · ')}
        </span>
      </span>
    </>
  );
}

/** The number at the end of a reference. */
export function numberOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('@') + 1);
}
