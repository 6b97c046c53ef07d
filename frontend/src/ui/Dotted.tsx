/** Short facts in a line, with a dot between those that are on the same line. */
import { Children, type ReactNode } from 'react'
import { withLineBreaks } from '@/lib/lineBreaks'
import classes from './Dotted.module.css'

/** Each child is a fact; those that are empty are left out. */
export function Dotted({ children }: { children: ReactNode }) {
  const facts = Children.toArray(children).filter((fact) => fact !== '')
  return (
    <span className={classes.facts}>
      {Children.map(facts, (fact, place) => (
        <span className={classes.fact}>
          {place > 0 && <span className={classes.dot}>{' · '}</span>}
          {withLineBreaks(fact)}
        </span>
      ))}
    </span>
  )
}
