import { t } from '@lingui/core/macro'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useConnectionState } from '@/lib/connectionState'
import { useRefresh } from '@/lib/useRefresh'
import { Warning } from './Warning'

const seconds = 5

/** Shown while the subscription is interrupted; the page polls instead. */
export function ConnectionNotice({ onMeanwhile }: { onMeanwhile: () => void }) {
  const lost = useConnectionState() === 'lost'
  useRefresh(onMeanwhile, lost ? seconds : null)
  if (!lost) return null
  return (
    <Warning
      icon={<IconPlugConnectedX />}
      title={t`Live progress is interrupted`}
      role="status"
      mb="md"
    >
      {t`The live connection is down.`}{' '}
      {t`This page refreshes every ${seconds} seconds until it is back.`}
    </Warning>
  )
}
