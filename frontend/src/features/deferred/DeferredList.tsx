/** Deferred actions as a table; the selected ones can be run, rescheduled or cancelled. */
import { plural, t } from '@lingui/core/macro'
import { Button, Group, Text } from '@mantine/core'
import { type ReactNode, useMemo, useState } from 'react'
import type { DeferredActionsQuery, DeferredNodeFragment } from '@/gql/graphql'
import { actionTitle } from '@/lib/actionTitle'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import type { Selection } from '@/lib/selection'
import { ClearSelection } from '@/ui/ClearSelection'
import { ListRows } from '@/ui/ListTable'
import { columnsFor } from './columns'
import { cancelDeferred, rescheduleDeferred, runDeferred } from './links'

interface DeferredListProps {
  actions: DeferredActionsQuery['deferredActions']
  /** Shown if the list is empty. */
  nothing: ReactNode
  ofOneAccount?: boolean
}

/** Only pending and failed actions can be run or rescheduled. */
export function isOpen(action: DeferredNodeFragment): boolean {
  return action.status === 'PENDING' || action.status === 'FAILED'
}

export function DeferredList({ actions, nothing, ofOneAccount = false }: DeferredListProps) {
  const may = useMay('AGENT')
  const [selected, setSelected] = useState<Selection>({})
  const columns = useMemo(() => columnsFor({ ofOneAccount, may }), [ofOneAccount, may])
  const picked = actions.nodes.filter((action) => selected[action.id] && isOpen(action))
  return (
    <ListRows
      label={t`Deferred actions`}
      list="deferred"
      page={actions}
      columns={columns}
      minWidth={900}
      toolbar={
        may && picked.length > 0 && <BulkActions actions={picked} onClear={() => setSelected({})} />
      }
      selected={Object.fromEntries(picked.map((action) => [action.id, true]))}
      onSelect={may ? setSelected : undefined}
      isSelectable={isOpen}
      nameOf={actionTitle}
      count={(total) => plural(total, { one: '# deferred action', other: '# deferred actions' })}
      empty={nothing}
    />
  )
}

function BulkActions({
  actions,
  onClear,
}: {
  actions: DeferredNodeFragment[]
  onClear: () => void
}) {
  const open = useOpenDialog()
  const ids = actions.map((action) => action.id)
  return (
    <Group
      gap="xs"
      p="xs"
      role="toolbar"
      aria-label={t`Selected actions`}
      style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
    >
      <Text size="sm" fw={600} role="status">
        {plural(ids.length, { one: '# selected', other: '# selected' })}
      </Text>
      <Button size="xs" variant="default" onClick={() => open(runDeferred(ids))}>
        {t`Run now`}
      </Button>
      <Button size="xs" variant="default" onClick={() => open(rescheduleDeferred(ids))}>
        {t`Reschedule`}
      </Button>
      <Button
        size="xs"
        variant="default"
        c="var(--mantine-color-error)"
        onClick={() => open(cancelDeferred(ids))}
      >
        {t`Cancel actions`}
      </Button>
      <ClearSelection onClear={onClear} />
    </Group>
  )
}
