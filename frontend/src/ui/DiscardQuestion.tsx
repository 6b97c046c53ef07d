/** Asks before input that is not saved is discarded. */
import { t } from '@lingui/core/macro'
import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import type { UnsavedInput } from '@/lib/unsavedInput'
import { Warning } from './Warning'

export function DiscardQuestion({ keep, discard }: UnsavedInput) {
  const [focused] = useState(() => document.activeElement)
  function keepAndReturn() {
    keep()
    if (focused instanceof HTMLElement) focused.focus()
  }
  return (
    <Warning
      role="alertdialog"
      title={t`Discard your changes?`}
      onKeyDown={(event) => event.key === 'Escape' && keepAndReturn()}
      data-mantine-stop-propagation
    >
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={discard}>
          {t`Discard`}
        </Button>
        <Button data-autofocus autoFocus onClick={keepAndReturn}>
          {t`Keep editing`}
        </Button>
      </Group>
    </Warning>
  )
}
