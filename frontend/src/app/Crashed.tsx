import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { EmptyMessage } from '@/ui/States'

/** Shown instead of a blank screen when the page throws. */
export function Crashed() {
  return (
    <EmptyMessage
      icon={<IconAlertTriangle />}
      title="Something went wrong"
      hint="Nothing was changed."
      action={<Button onClick={() => window.location.reload()}>Reload</Button>}
    />
  )
}
