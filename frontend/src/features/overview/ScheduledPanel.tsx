/** What was promised: the pending deferred actions, the next one first. */
import { t } from '@lingui/core/macro'
import { actionTitle } from '@/lib/actionTitle'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { withLineBreaks } from '@/lib/lineBreaks'
import { waitsForInactivation } from '@/lib/scheduled'
import { Dotted } from '@/ui/Dotted'
import { TextLink } from '@/ui/links'
import { Panel } from '@/ui/Panel'
import { RowMenu } from '@/ui/RowMenu'
import { When } from '@/ui/When'
import {
  accountDeferredLink,
  cancelDeferred,
  rescheduleDeferred,
  runDeferred,
} from '../deferred/links'
import { moreLabel } from './more'
import { NothingYet, OverviewRow, OverviewRows } from './OverviewRow'
import type { OverviewAccount } from './OverviewTab'

export function ScheduledPanel({ account }: { account: OverviewAccount }) {
  const { nodes, totalCount } = account.deferredActions
  const more = totalCount - nodes.length
  return (
    <Panel
      title={t`Scheduled`}
      actions={<TextLink {...accountDeferredLink(account.number)}>{t`View all`}</TextLink>}
    >
      {totalCount === 0 ? (
        <NothingYet>
          {t`Nothing is scheduled. Choose a date when you change the status or the hierarchy.`}
        </NothingYet>
      ) : (
        <OverviewRows label={t`Scheduled`}>
          {nodes.toReversed().map((action) => (
            <OverviewRow
              key={action.id}
              hint={
                <Dotted>
                  <When at={action.scheduledFor} />
                  {action.reason}
                </Dotted>
              }
              side={<ActionMenu action={action} />}
            >
              {withLineBreaks(actionTitle(action))}
            </OverviewRow>
          ))}
          {more > 0 && (
            <OverviewRow>
              <TextLink {...accountDeferredLink(account.number)}>{moreLabel(more)}</TextLink>
            </OverviewRow>
          )}
        </OverviewRows>
      )}
    </Panel>
  )
}

type Action = OverviewAccount['deferredActions']['nodes'][number]

function ActionMenu({ action }: { action: Action }) {
  const { id } = action
  const title = actionTitle(action)
  const open = useOpenDialog()
  if (!useMay('AGENT')) return null
  return (
    <RowMenu label={t`Actions for: ${title}`}>
      {({ Item, Label }) => (
        <>
          {waitsForInactivation(action) ? (
            <Label>{t`Its inactivation runs first`}</Label>
          ) : (
            <Item onClick={() => open(runDeferred([id]))}>{t`Run now…`}</Item>
          )}
          <Item onClick={() => open(rescheduleDeferred([id]))}>{t`Reschedule…`}</Item>
          <Item c="var(--mantine-color-error)" onClick={() => open(cancelDeferred([id]))}>
            {t`Cancel…`}
          </Item>
        </>
      )}
    </RowMenu>
  )
}
