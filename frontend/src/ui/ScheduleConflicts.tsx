/** Warns about conflicts before a change is scheduled, and lists other changes around its date. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { List, Paper, Text } from '@mantine/core'
import { useQuery } from 'urql'
import type { ScheduledActionFragment } from '@/gql/graphql'
import { actionTitle } from '@/lib/actionTitle'
import { actorName } from '@/lib/actorName'
import { useBusiness } from '@/lib/business'
import { withLineBreaks } from '@/lib/lineBreaks'
import { around, nearest } from '@/lib/schedule'
import { instantOf } from '@/lib/time'
import { ScheduleConflictsDocument, ScheduledAroundDocument } from './ScheduleConflicts.generated'
import { LoadError } from './States'
import { Warning } from './Warning'
import { When } from './When'

const mostShown = 5
const requestPolicy = 'network-only' as const

const titles = {
  account: t`On that day the account will already be closed`,
  service: t`On that day the service will already be closed`,
  offer: t`On that day the offer will already be closed`,
  newParent: t`On that day the new parent will already be closed`,
}

const reactivationTitles: typeof titles = {
  account: t`On the reactivation date the account will already be closed`,
  service: t`On the reactivation date the service will already be closed`,
  offer: t`On the reactivation date the offer will already be closed`,
  newParent: t`On the reactivation date the new parent will already be closed`,
}

interface ScheduleConflictsProps {
  /** The id of the account, the service or the offer. */
  target: string
  /** The entity that will be closed. */
  subject: keyof typeof titles
  /** The wall time of the change; null while none is chosen. */
  on: string | null
  /** The effect of the conflict on the change. */
  consequence: string
  /** The conflict is with the reactivation that belongs to the change. */
  ofReactivation?: boolean
  /** The account whose other pending actions are shown. */
  account?: string
  /** The id of a rescheduled action, which does not conflict with itself. */
  except?: string
}

export function ScheduleConflicts({ on, ...rest }: ScheduleConflictsProps) {
  const { timeZone } = useBusiness()
  return on && <Conflicts at={instantOf(on, timeZone)} {...rest} />
}

function Conflicts({
  target,
  subject,
  at,
  consequence,
  ofReactivation = false,
  account,
  except,
}: Omit<ScheduleConflictsProps, 'on'> & { at: string }) {
  const [{ data, error }, refetch] = useQuery({
    query: ScheduleConflictsDocument,
    variables: { target, at },
    requestPolicy,
  })
  if (error && !data) return <LoadError error={error} retry={() => refetch({ requestPolicy })} />
  const conflicts = data?.scheduleConflicts.filter((action) => action.id !== except) ?? []
  return (
    <>
      <div role="status" style={conflicts.length > 0 ? undefined : { position: 'absolute' }}>
        {conflicts.length > 0 && (
          <Warning title={(ofReactivation ? reactivationTitles : titles)[subject]}>
            <Actions actions={conflicts} all={conflicts.length} />
            <Text size="sm" mt={6}>
              {consequence}
            </Text>
          </Warning>
        )}
      </div>
      {account && data && (
        <Around
          account={account}
          at={at}
          except={[...conflicts.map((action) => action.id), except]}
        />
      )}
    </>
  )
}

function Around({
  account,
  at,
  except,
}: {
  account: string
  at: string
  except: (string | undefined)[]
}) {
  const [{ data, error }, refetch] = useQuery({
    query: ScheduledAroundDocument,
    variables: { account, ...around(at) },
    requestPolicy,
  })
  if (error && !data) return <LoadError error={error} retry={() => refetch({ requestPolicy })} />
  const others =
    data?.account?.deferredActions.nodes.filter((action) => !except.includes(action.id)) ?? []
  if (others.length === 0) return null
  return (
    <Paper p="sm">
      <Text size="sm" fw={600} mb={4}>
        {t`Also scheduled around that day`}
      </Text>
      <Actions actions={nearest(others, at, mostShown)} all={others.length} />
    </Paper>
  )
}

/** The first few actions; `all` is the total count. */
function Actions({ actions, all }: { actions: ScheduledActionFragment[]; all: number }) {
  return (
    <List size="sm">
      {actions.slice(0, mostShown).map((action) => {
        const title = withLineBreaks(actionTitle(action))
        return (
          <List.Item key={action.id}>
            <Trans>
              {title} on <When at={action.scheduledFor} />{' '}
              <Text span size="xs" c="dimmed">
                (requested by {actorName(action.createdBy)})
              </Text>
            </Trans>
          </List.Item>
        )
      })}
      {all > mostShown && (
        <List.Item>
          {plural(all - mostShown, { one: 'and # more action', other: 'and # more actions' })}
        </List.Item>
      )}
    </List>
  )
}
