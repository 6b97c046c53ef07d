/** How far a run has read the file. */
import { plural, t } from '@lingui/core/macro'
import { Progress, Text, VisuallyHidden } from '@mantine/core'
import type { ImportRunNodeFragment } from '@/gql/graphql'
import { formatCount } from '@/lib/language'
import { Dotted } from '@/ui/Dotted'
import { isLive } from './runs'

export function RunBar({ run }: { run: ImportRunNodeFragment }) {
  const { done, failed, total, status } = run.jobRun
  const share = (count: number) => (total > 0 ? (count / total) * 100 : 0)
  const [read, all] = [formatCount(done + failed), formatCount(Math.max(total, done + failed))]
  const rejected = plural(failed, { one: '# rejected', other: '# rejected' })
  const percent = Math.floor(share(done + failed) / 25) * 25
  return (
    <div>
      <Progress.Root size="lg" aria-hidden>
        <Progress.Section value={share(done)} color="var(--tenure-busy)" />
        <Progress.Section value={share(failed)} color="var(--tenure-bad)" />
      </Progress.Root>
      <Text size="sm" mt={6}>
        <Dotted>
          {status === 'QUEUED' ? t`Waiting for a worker` : t`${read} of ${all} lines`}
          {failed > 0 && rejected}
        </Dotted>
      </Text>
      <VisuallyHidden role="status">
        {isLive(run) && status !== 'QUEUED' && t`${percent} % of the lines are read`}
      </VisuallyHidden>
    </div>
  )
}
