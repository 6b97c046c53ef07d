/** Says what was done, with a way to see it and, where there is one, to undo it. */
import { t } from '@lingui/core/macro'
import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { withLineBreaks } from './lineBreaks'
import { notifyOfProblem } from './notify'

interface ChangeNotice {
  message: string
  /** Opens what was done. */
  show?: () => void
  /** Undoes it; answers what went wrong, if anything. */
  undo?: () => Promise<string | null>
}

/** Long enough to read it and to decide. */
const shownMs = 12_000

export function notifyOfChange(notice: ChangeNotice): void {
  const id = notifications.show({
    message: <NoticeBody {...notice} onDone={() => notifications.hide(id)} />,
    color: 'teal',
    withBorder: true,
    autoClose: shownMs,
    closeButtonProps: { 'aria-label': t`Dismiss` },
  })
}

function NoticeBody({ message, show, undo, onDone }: ChangeNotice & { onDone: () => void }) {
  const [busy, setBusy] = useState(false)

  async function takeBack() {
    setBusy(true)
    const problem = await undo?.()
    onDone()
    if (problem) notifyOfProblem(problem)
    else notifications.show({ message: t`Undone.`, color: 'teal', withBorder: true })
  }

  return (
    <Group justify="space-between" gap="xs">
      <Text size="sm">{withLineBreaks(message)}</Text>
      <Group gap={6}>
        {show && (
          <Button
            size="compact-xs"
            mih={26}
            variant="default"
            onClick={() => {
              show()
              onDone()
            }}
          >
            {t`Show`}
          </Button>
        )}
        {undo && (
          <Button
            size="compact-xs"
            mih={26}
            variant="default"
            loading={busy}
            onClick={() => void takeBack()}
          >
            {t`Undo`}
          </Button>
        )}
      </Group>
    </Group>
  )
}
