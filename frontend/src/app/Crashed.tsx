import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCloudOff } from '@tabler/icons-react'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { useState } from 'react'
import { isLoadFailure } from '@/lib/loadFailure'
import { EmptyMessage } from '@/ui/States'

/** Shown in place of the part of the screen that threw an error or could not be loaded. */
export function Crashed({ error }: ErrorComponentProps) {
  if (error instanceof Error && isLoadFailure(error)) return <NotLoaded />
  return (
    <EmptyMessage
      icon={<IconAlertTriangle />}
      title={t`Something went wrong`}
      hint={t`Nothing was changed.`}
      action={<Button onClick={() => window.location.reload()}>{t`Reload`}</Button>}
    />
  )
}

/** Reloads the page only if the server answers: otherwise the browser would show its own error. */
function NotLoaded() {
  const [busy, setBusy] = useState(false)

  async function tryAgain() {
    setBusy(true)
    const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => null)
    setBusy(false)
    if (answer?.ok) window.location.reload()
  }

  return (
    <EmptyMessage
      icon={<IconCloudOff />}
      title={t`Couldn't load this part of the page`}
      hint={t`Check your connection and try again.`}
      action={
        <Button onClick={() => void tryAgain()} loading={busy}>
          {t`Try again`}
        </Button>
      }
    />
  )
}
