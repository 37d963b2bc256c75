import { caretDownIcon, caretRightIcon, checkIcon } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import type { Measure, ModelRow, VersionRow } from '../api';
import { ago } from '../moments';
import { numberOf } from '../names';
import { Marks } from './marks';

/** A metric, its name for whoever listens or points. */
function Metric(props: { measure: Measure | null }): JSX.Element | null {
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

/** A model; the name of its metric stands in its line for all of its versions. */
export function ModelLine(props: { row: ModelRow; isOpen: boolean; metric: string }): JSX.Element {
  const { row, isOpen, metric } = props;
  const Caret = isOpen ? caretDownIcon : caretRightIcon;
  const about = aboutModel(row);
  return (
    <>
      <Caret.react tag="span" className="nbr-Caret" aria-hidden="true" />
      <span className="nbr-Item-lines">
        <span className="nbr-Item-first">
          <bdi className="nbr-Item-name" title={row.name}>
            {row.name}
          </bdi>
          <Metric measure={row.metric} />
        </span>
        <span className="nbr-Item-second">
          <span className="nbr-Item-about" title={about}>
            {about}
          </span>
          {metric && (
            <span className="nbr-Item-metric" title={metric} aria-hidden={row.metric !== null}>
              {metric}
            </span>
          )}
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
  const about = [row.algorithm, ago(row.created_at), row.created_by].filter(text => text).join(' · ');
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
          <Marks row={row} />
          <Metric measure={row.metric} />
        </span>
        <span
          className="nbr-Item-second"
          title={[about, row.created_at, row.description].filter(text => text).join('\n')}
        >
          <span className="nbr-Item-about">{about}</span>
        </span>
      </span>
    </>
  );
}

/** Say how many versions a model has, and where its aliases are, the champion first. */
function aboutModel(row: ModelRow): string {
  const versions = row.versions === 1 ? '1 version' : `${row.versions.toLocaleString('en')} versions`;
  const champion = row.champion === null ? [] : [`champion v${numberOf(row.champion)}`];
  const others = row.aliases.filter(alias => alias.name !== 'champion');
  return [versions, ...champion, ...others.map(alias => `${alias.name} v${alias.version}`)].join(', ');
}
