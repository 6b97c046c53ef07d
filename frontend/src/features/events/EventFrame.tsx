/** Something of the timeline: when, what, and below it the facts. */
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { TextLink } from '@/ui/links'
import { When } from '@/ui/When'
import classes from './Entry.module.css'
import { timelineLink } from './links'

interface EventFrameProps {
  /** The number of the account and the id of the entry, for the link to it. */
  number: string
  id: string
  at: string
  title: ReactNode
  fw?: number
  children: ReactNode
}

export function EventFrame({ number, id, at, title, fw = 500, children }: EventFrameProps) {
  return (
    <div className={classes.event}>
      <TextLink size="xs" c="dimmed" className={classes.time} {...timelineLink(number, id)}>
        <When at={at} />
      </TextLink>
      <div>
        <Text size="sm" component="div" fw={fw} className="wrapped">
          {title}
        </Text>
        {children}
      </div>
    </div>
  )
}
