/** Says that somebody else has just changed what a form edits, before it is overwritten. */
import { t } from '@lingui/core/macro'
import { Button, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { Warning } from './Warning'

interface StaleEditProps {
  title: string
  text?: ReactNode
  button?: string
  onTakeOver: () => void
}

export function StaleEdit({
  title,
  text = t`What you typed is kept. The other fields get their new values.`,
  button = t`Show the changes`,
  onTakeOver,
}: StaleEditProps) {
  return (
    <Warning title={title} role="alert">
      <Stack gap="sm" align="start">
        {text}
        <Button size="xs" variant="default" onClick={onTakeOver}>
          {button}
        </Button>
      </Stack>
    </Warning>
  )
}
