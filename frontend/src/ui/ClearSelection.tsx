/** Clears the selection of a list. It is in the toolbar of the selection, which goes with it. */
import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { focusBefore } from '@/lib/focus'

export function ClearSelection({ onClear }: { onClear: () => void }) {
  return (
    <Button
      size="xs"
      variant="subtle"
      onClick={({ currentTarget }) => {
        focusBefore(currentTarget.closest('[role=toolbar]') ?? currentTarget)
        onClear()
      }}
    >
      {t`Clear`}
    </Button>
  )
}
