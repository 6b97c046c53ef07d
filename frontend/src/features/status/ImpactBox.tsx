/** Shows what a status change affects, as the server computed it by a dry run. */
import { plural, t } from '@lingui/core/macro'
import { Anchor, Group, List, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ImpactFragment, Status } from '@/gql/graphql'
import { actionTitle } from '@/lib/actionTitle'
import { useBusiness } from '@/lib/business'
import { impactCounts } from '@/lib/impactCounts'
import { withLineBreaks } from '@/lib/lineBreaks'
import { instantOf } from '@/lib/time'
import { StatusBadge } from '@/ui/Badges'
import { Dotted } from '@/ui/Dotted'
import { MoneyImpact } from '@/ui/MoneyImpact'
import { isOnlyOf, PayerAmounts } from '@/ui/PayerAmounts'
import { PreviewBox } from '@/ui/PreviewBox'
import { When } from '@/ui/When'
import { type Cancelling, ConflictChoice } from './ConflictChoice'
import type { StatusPreview } from './useStatusPreview'

const unchanged: Record<Status, string> = {
  ACTIVE: t`Already active.`,
  INACTIVE: t`Already inactive.`,
  CLOSED: t`Already closed.`,
}

interface ImpactBoxProps extends Cancelling {
  account: string
  status: Status
  preview: StatusPreview
  /** The wall time of a scheduled change; null for a change now. */
  on: string | null
}

export function ImpactBox({ account, status, preview, on, cancels, onCancels }: ImpactBoxProps) {
  const { timeZone } = useBusiness()
  const { impact, after, refusal } = preview
  return (
    <PreviewBox preview={preview} refusal={refusal} isScheduled={on !== null}>
      {impact && after && (
        <Stack gap="sm">
          <Counts impact={impact} status={status} />
          <MoneyImpact
            account={account}
            after={after}
            isAll={isOnlyOf(account, impact.ofPayers ?? [])}
          />
          <PayerAmounts account={account} payers={impact.ofPayers ?? []} />
          <Conflicts
            actions={conflictsOf(impact, on && instantOf(on, timeZone))}
            cancels={cancels}
            onCancels={onCancels}
          />
        </Stack>
      )}
    </PreviewBox>
  )
}

/** The pending actions that would no longer apply; none of those scheduled before the change. */
export function conflictsOf(impact: ImpactFragment | null, at: string | null) {
  const actions = impact?.conflictingDeferredActions ?? []
  if (!at) return actions
  return actions.filter((action) => Date.parse(action.scheduledFor) > Date.parse(at))
}

function Counts({ impact, status }: { impact: ImpactFragment; status: Status }) {
  const counts = impactCounts(impact)
  return (
    <>
      <Text size="sm" data-impact>
        <Dotted>{counts.length > 0 ? counts : unchanged[status]}</Dotted>
      </Text>
      {impact.sample.length > 1 && <Sample impact={impact} />}
    </>
  )
}

/** So many accounts are shown at first. */
const few = 3

function Sample({ impact: { accounts, sample } }: { impact: ImpactFragment }) {
  const [isOpen, { toggle }] = useDisclosure()
  const more = accounts - sample.length
  return (
    <Stack gap={4} align="stretch">
      {sample.slice(0, isOpen ? undefined : few).map((account) => (
        <Group key={account.id} gap="xs" wrap="nowrap" justify="space-between">
          <Group gap="0 6px" align="baseline" miw={0}>
            <Text size="sm" className="name">
              {account.name}
            </Text>
            <Text size="xs" c="dimmed" ff="monospace" style={{ whiteSpace: 'nowrap' }}>
              {account.number}
            </Text>
          </Group>
          <StatusBadge status={account.status} size="sm" />
        </Group>
      ))}
      {isOpen && more > 0 && (
        <Text size="xs" c="dimmed">
          {plural(more, { one: 'and # more account', other: 'and # more accounts' })}
        </Text>
      )}
      {sample.length > few && (
        <Anchor component="button" type="button" size="sm" ta="start" onClick={toggle}>
          {isOpen ? t`Show fewer` : t`Show more accounts`}
        </Anchor>
      )}
    </Stack>
  )
}

interface ConflictsProps extends Cancelling {
  actions: ImpactFragment['conflictingDeferredActions']
}

function Conflicts({ actions, ...cancelling }: ConflictsProps) {
  return (
    <ConflictChoice count={actions.length} {...cancelling}>
      <List size="sm" my={4}>
        {actions.slice(0, 10).map((action) => (
          <List.Item key={action.id}>
            {withLineBreaks(actionTitle(action))} (<When at={action.scheduledFor} />)
          </List.Item>
        ))}
      </List>
    </ConflictChoice>
  )
}
