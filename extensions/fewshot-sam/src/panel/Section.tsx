import { useId, type ReactNode } from 'react';

/** A titled section, with a bar like that of OHIF's own panels. */
export function Section(props: { title: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className="fs-section" aria-labelledby={id}>
      <div className="fs-section-bar">
        <h3 id={id}>{props.title}</h3>
        {props.aside}
      </div>
      <div className="fs-section-body">{props.children}</div>
    </section>
  );
}
