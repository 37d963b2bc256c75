import { useLayoutEffect, useRef, useState, type JSX } from 'react';

import type { Badge, VersionRow } from '../api';

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

/** The marks of a version on one line: those that fit, and how many more there are. */
export function Marks(props: { row: VersionRow }): JSX.Element {
  const { aliases, badges } = props.row;
  const line = useRef<HTMLSpanElement>(null);
  const texts = [...aliases.map(alias => alias.name), ...badges.map(badge => badge.text)];
  const beyond = useBeyond(line, texts.join('\n'));
  if (texts.length === 0) {
    return <span className="nbr-Item-marks" />;
  }
  return (
    <span className="nbr-Item-marks">
      <span ref={line} className="nbr-Item-fitting">
        {aliases.map(alias => (
          <Chip key={alias.name} {...alias} />
        ))}
        {badges.map(badge => (
          <BadgeMark key={`${badge.kind} ${badge.text}`} badge={badge} />
        ))}
      </span>
      {beyond > 0 && (
        <span className="nbr-More" title={texts.join('\n')}>
          +{beyond}
          <span className="nbr-Unseen">: {texts.slice(-beyond).join(', ')}</span>
        </span>
      )}
    </span>
  );
}

/** Count what a line that wraps has no room for, and take it out of sight: half a mark tells nothing. */
function useBeyond(line: React.RefObject<HTMLElement>, content: string): number {
  const [beyond, setBeyond] = useState(0);
  useLayoutEffect(() => {
    const node = line.current;
    if (!node) {
      setBeyond(0);
      return;
    }
    const measure = (): void => {
      const marks = [...node.children] as HTMLElement[];
      const isBelow = (mark: HTMLElement): boolean => mark.offsetTop > (marks[0]?.offsetTop ?? 0);
      marks.forEach(mark => (mark.style.visibility = isBelow(mark) ? 'hidden' : ''));
      setBeyond(marks.filter(isBelow).length);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    measure();
    return () => observer.disconnect();
  }, [content]);
  return beyond;
}

function Alarm(props: { text: string }): JSX.Element {
  return (
    <strong className="nbr-Alarm" title={props.text}>
      {' '}
      !<span className="nbr-Unseen"> {props.text}</span>
    </strong>
  );
}
