/** The details of a charge: quantity, rate, calculation, subject and cause. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Anchor, DataList, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import type { ChargeFragment } from '@/gql/graphql'
import { actorName } from '@/lib/actorName'
import { useBusiness } from '@/lib/business'
import { calculation } from '@/lib/calculation'
import { useOpenDialog, useSubjectId } from '@/lib/dialog'
import { eventTitle } from '@/lib/eventTitle'
import { eventKindLabels } from '@/lib/labels'
import { withLineBreaks } from '@/lib/lineBreaks'
import { chargeRules } from '@/lib/rules'
import { serverMessage, serverText } from '@/lib/serverMessage'
import { AccountLink } from '@/ui/AccountLink'
import { Amount } from '@/ui/Amount'
import { Dotted } from '@/ui/Dotted'
import { DialogFrame } from '@/ui/FormDialog'
import { TextLink } from '@/ui/links'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { When } from '@/ui/When'
import { billItemLink, billLink, explainCharge } from './links'
import { MoneyButtons } from './MoneyActions'
import { ChargeToExplainDocument } from './operations.generated'

type Props = { charge: ChargeFragment }

export default function ChargeDialog() {
  const id = useSubjectId()
  const [result, refetch] = useQuery({ query: ChargeToExplainDocument, variables: { id } })
  return (
    <DialogFrame title={t`Charge details`}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {({ node }) =>
          node?.__typename === 'Event' && node.amount ? (
            <Explained charge={node} />
          ) : (
            <EmptyMessage title={t`Not found`} hint={t`There is no charge with this id.`} />
          )
        }
      </QueryResult>
    </DialogFrame>
  )
}

function Explained({ charge }: Props) {
  const actor = actorName(charge.actor)
  return (
    <Stack gap="md">
      <Group justify="space-between" align="start" gap="xs">
        <Text fw={600} flex="1 1 240px">
          {serverMessage(charge.description)}
        </Text>
        {charge.amount && <Amount of={charge.amount} fw={650} />}
      </Group>
      <DataList size="sm" gap={6} labelWidth={120}>
        <Part label={t`Kind`}>{eventKindLabels[charge.kind]}</Part>
        <Part label={t`Rule`}>{chargeRules[charge.kind]}</Part>
        <Part label={t`Calculation`}>{calculation(charge)}</Part>
        <Part label={t`Effective`}>
          <When at={charge.occurredAt} />
        </Part>
        <Part label={t`Recorded`}>
          <span>
            <Trans>
              <When at={charge.recordedAt} /> by {actor}
            </Trans>
          </span>
        </Part>
        <Part label={t`Account`}>
          <AccountLink account={charge.account} />
        </Part>
        <Part label={t`Service`}>
          {charge.service && <ServiceLabels service={charge.service} />}
        </Part>
        <Part label={t`Offer`}>
          {charge.offer && `${charge.offer.name} (${charge.offer.offer.code})`}
        </Part>
        <Part label={t`Reason`}>{charge.reason}</Part>
        <Part label={t`Caused by`}>
          {charge.followed && <Followed followed={charge.followed} />}
        </Part>
        <Part label={t`On bill`}>{charge.item && <CountsIn item={charge.item} />}</Part>
      </DataList>
      <Group justify="flex-end" gap="xs">
        <MoneyButtons id={charge.id} what="charge" disputable={charge.disputable} />
      </Group>
    </Stack>
  )
}

function Part({ label, children }: { label: string; children: ReactNode }) {
  if (!children) return null
  return (
    <DataList.Item>
      <DataList.ItemLabel>{label}</DataList.ItemLabel>
      <DataList.ItemValue>{withLineBreaks(children)}</DataList.ItemValue>
    </DataList.Item>
  )
}

function ServiceLabels({ service }: { service: NonNullable<ChargeFragment['service']> }) {
  const { name, kind, login } = service
  return (
    <Dotted>
      {name}
      {kind !== name.toLowerCase() && kind}
      {login}
    </Dotted>
  )
}

/** The causing event, with a link to its details if it is a charge. */
function Followed({ followed }: { followed: NonNullable<ChargeFragment['followed']> }) {
  const { timeZone } = useBusiness()
  const open = useOpenDialog()
  const title = withLineBreaks(eventTitle(followed, timeZone))
  if (!followed.item || !followed.amount) return <span>{title}</span>
  return (
    <span>
      <Anchor
        component="button"
        type="button"
        size="sm"
        ta="left"
        onClick={() => open(explainCharge(followed.id))}
      >
        {title}
      </Anchor>{' '}
      (<Amount of={followed.amount} />)
    </span>
  )
}

function CountsIn({ item }: { item: NonNullable<ChargeFragment['item']> }) {
  const { number } = item.bill
  return (
    <span>
      <Trans>
        <TextLink {...billItemLink(number, item.id)}>{serverText(item.name)}</TextLink>, bill{' '}
        <TextLink {...billLink(number)}>{number}</TextLink>
      </Trans>
    </span>
  )
}
