/** Says that somebody else has just changed what a form edits, before it is overwritten. */
import { t } from '@lingui/core/macro'
import { Button, Stack } from '@mantine/core'
import { Warning } from './Warning'

export function StaleEdit({ title, onTakeOver }: { title: string; onTakeOver: () => void }) {
  return (
    <Warning title={title} role="alert">
      <Stack gap="sm" align="start">
        {t`What you typed is kept. The other fields get their new values.`}
        <Button size="xs" variant="default" onClick={onTakeOver}>
          {t`Show the changes`}
        </Button>
      </Stack>
    </Warning>
  )
}
