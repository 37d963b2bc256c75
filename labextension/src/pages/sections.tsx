import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { useState, type JSX } from 'react';

import type { Api, SectionHead } from '../api';
import { FailureNote, Loading } from '../sidebar/states';
import { useAnswer } from './answer';
import { Cards } from './cards';

/** Where the sections of a page come from. */
export interface Source {
  api: Api;
  registry: string;
  refs: readonly string[];
  rendermime: IRenderMimeRegistry;
  /** Changes when they have to be asked for again; empty while nothing was heard of the registry. */
  stamp: string;
  isReadOnly: boolean;
  onOpen: (ref: string) => void;
}

/** The sections of a page, each asked for by itself, so that a slow one keeps no other waiting. */
export function Sections(props: { source: Source; heads: readonly SectionHead[] }): JSX.Element {
  return (
    <>
      {props.heads.map(head => (
        <SectionView key={head.id} source={props.source} head={head} />
      ))}
    </>
  );
}

/** Sections that are asked for once they are opened. */
export function FoldedSections(props: { source: Source; heads: readonly SectionHead[] }): JSX.Element {
  return (
    <>
      {props.heads.map(head => (
        <FoldedSection key={head.id} source={props.source} head={head} />
      ))}
    </>
  );
}

function SectionView(props: { source: Source; head: SectionHead }): JSX.Element {
  const { source, head } = props;
  return (
    <section className="nbr-Section" aria-label={head.title} data-section={head.id}>
      <h2 tabIndex={-1}>{head.title}</h2>
      <SectionBody source={source} head={head} />
    </section>
  );
}

function FoldedSection(props: { source: Source; head: SectionHead }): JSX.Element {
  const { source, head } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="nbr-Section" data-section={head.id} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>{head.title}</h2>
      </summary>
      {isOpen && <SectionBody source={source} head={head} />}
    </details>
  );
}

function SectionBody(props: { source: Source; head: SectionHead }): JSX.Element {
  const { source, head } = props;
  const { api, registry, refs, stamp } = source;
  const { value, failure } = useAnswer(
    () => api.section(registry, head.id, refs),
    [registry, head.id, stamp, ...refs].join('\n')
  );
  return (
    <>
      {failure && <FailureNote failure={failure} />}
      {!failure && !value && <Loading />}
      {value && <Cards html={value.cards} rendermime={source.rendermime} onOpen={source.onOpen} />}
    </>
  );
}
