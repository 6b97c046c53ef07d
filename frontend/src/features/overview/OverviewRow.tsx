/** One line of a panel of the overview: what it is, and on the right its amount or its action. */
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './Overview.module.css'

export function OverviewRows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={classes.rows} aria-label={label}>
      {children}
    </ul>
  )
}

interface OverviewRowProps {
  children: ReactNode
  hint?: ReactNode
  side?: ReactNode
}

export function OverviewRow({ children, hint, side }: OverviewRowProps) {
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <Text size="sm" component="div">
          {children}
        </Text>
        {hint && (
          <Text size="xs" c="dimmed" component="div">
            {hint}
          </Text>
        )}
      </div>
      {side && <div className={classes.side}>{side}</div>}
    </li>
  )
}

export function NothingYet({ children }: { children: ReactNode }) {
  return (
    <Text size="sm" c="dimmed" px="md" py="sm">
      {children}
    </Text>
  )
}
