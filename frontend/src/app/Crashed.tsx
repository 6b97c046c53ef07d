import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Nothing } from '@/ui/States'

/** A fault of the page itself: said, never a blank screen. */
export function Crashed() {
  return (
    <Nothing
      icon={<IconAlertTriangle />}
      title="This page has a fault"
      hint="Nothing was changed by it. Loading the page again usually helps."
      action={<Button onClick={() => window.location.reload()}>Load again</Button>}
    />
  )
}
