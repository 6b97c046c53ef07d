/** A summary: labelled facts. */
import { Paper, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { withLineBreaks } from '@/lib/lineBreaks'
import classes from './Facts.module.css'

export function Facts({ children }: { children: ReactNode }) {
  return (
    <Paper p="sm" component="dl" m={0} className={classes.facts}>
      {children}
    </Paper>
  )
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text component="dt" size="xs" c="dimmed">
        {label}
      </Text>
      <Text component="dd" size="sm" m={0} style={{ overflowWrap: 'anywhere' }}>
        {withLineBreaks(children || '–')}
      </Text>
    </div>
  )
}
