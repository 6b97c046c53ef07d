import { IconPlugConnectedX } from '@tabler/icons-react'
import { useLine } from '@/lib/line'
import { useRefresh } from '@/lib/useRefresh'
import { Caution } from '@/ui/Caution'

const seconds = 5

/** Said as long as somebody listens and the server cannot tell; the page asks instead. */
export function LineNotice({ onMeanwhile }: { onMeanwhile: () => void }) {
  const lost = useLine() === 'lost'
  useRefresh(onMeanwhile, lost ? seconds : null)
  if (!lost) return null
  return (
    <Caution icon={<IconPlugConnectedX />} title="Live progress is interrupted" role="status" mb="md">
      The connection over which Tenure tells of progress is down. It is being sought; until it is back, this page asks
      every {seconds} seconds.
    </Caution>
  )
}
