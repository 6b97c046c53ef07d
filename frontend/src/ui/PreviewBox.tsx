/** What a change would affect, as a dry run has computed it, or why that is not known. */
import { t } from '@lingui/core/macro'
import { Button, Paper, Skeleton, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Preview } from '@/lib/dryRun'
import { serverMessage } from '@/lib/serverMessage'
import { Warning } from './Warning'

interface PreviewBoxProps {
  preview: Omit<Preview<unknown>, 'data'>
  /** Why the server refuses the change. */
  refusal: string | null
  /** Offered below the refusal. */
  onPreviewAgain?: () => void
  /** It is planned for a later date, when things may stand otherwise. */
  isScheduled: boolean
  /** Nothing until there is an answer. */
  children: ReactNode
}

export function PreviewBox(props: PreviewBoxProps) {
  const { preview, refusal, onPreviewAgain, isScheduled, children } = props
  const { failure, fetching, retry } = preview
  if (failure) return <NotLoaded failure={failure} fetching={fetching} retry={retry} />
  if (refusal) {
    const title = isScheduled ? t`This would not be possible now` : t`This is not possible`
    return (
      <Warning title={title}>
        <Stack gap="sm" align="start">
          <div>{serverMessage(refusal)}</div>
          {onPreviewAgain && (
            <Button size="xs" variant="default" loading={fetching} onClick={onPreviewAgain}>
              {t`Preview again`}
            </Button>
          )}
        </Stack>
      </Warning>
    )
  }
  return (
    <Paper p="sm" aria-live="polite" aria-busy={fetching}>
      <Text size="sm" fw={600} mb={6}>
        {isScheduled ? t`This will affect` : t`This affects`}
      </Text>
      {children || <Skeleton height={40} />}
    </Paper>
  )
}

interface NotLoadedProps {
  failure: string
  fetching: boolean
  retry: () => void
}

function NotLoaded({ failure, fetching, retry }: NotLoadedProps) {
  return (
    <Warning title={t`Couldn't load the preview`} role="alert">
      <Stack gap="sm" align="start">
        <div>
          {failure} {t`You can make the change without the preview.`}
        </div>
        <Button size="xs" variant="default" loading={fetching} onClick={retry}>
          {t`Try again`}
        </Button>
      </Stack>
    </Warning>
  )
}
