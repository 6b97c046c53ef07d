/** An entry of the timeline. The one that the address names is marked, and scrolled to. */
import { Box } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import classes from './Entry.module.css'

export function Entry({ isCurrent, children }: { isCurrent: boolean; children: ReactNode }) {
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!isCurrent) return
    element.current?.scrollIntoView({ block: 'center' })
    element.current?.focus({ preventScroll: true })
  }, [isCurrent])
  return (
    <Box
      ref={element}
      className={classes.entry}
      aria-current={isCurrent || undefined}
      tabIndex={isCurrent ? -1 : undefined}
    >
      {children}
    </Box>
  )
}
